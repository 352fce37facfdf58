"""aiortc, an implementation of WebRTC that shares nothing with the server, publishes by WHIP and plays by WHEP."""

import asyncio
import json
import unittest

from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from media import CounterTrack, Spectator, ToneTrack
from server import Server

CONNECT_TIMEOUT_S = 30
ADVANCES = 30  # two seconds of pictures


class Session:
    """A connection that was offered by WHIP or WHEP."""

    def __init__(self, server, connection, token, location, etag):
        self.server, self.connection, self.token, self.location, self.etag = server, connection, token, location, etag

    async def delete(self):
        return await asyncio.to_thread(self.server.request, "DELETE", self.location, self.token)


async def connect(server, kind, connection):
    token = server.whip_token if kind == "whip" else server.whep_token
    connected = asyncio.Event()
    connection.on("connectionstatechange", lambda: connection.connectionState == "connected" and connected.set())
    await connection.setLocalDescription(await connection.createOffer())
    reply = await asyncio.to_thread(server.post_offer, kind, token, connection.localDescription.sdp)
    assert reply.status == 201, f"{kind} was answered {reply.status}: {reply.body}"
    assert reply.headers["content-type"] == "application/sdp", reply.headers["content-type"]
    await connection.setRemoteDescription(RTCSessionDescription(reply.body, "answer"))
    await asyncio.wait_for(connected.wait(), CONNECT_TIMEOUT_S)
    return Session(server, connection, token, reply.headers["location"], reply.headers["etag"])


class Aiortc(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = await asyncio.to_thread(Server)
        self.addAsyncCleanup(asyncio.to_thread, self.server.stop)

    def new_connection(self):
        # aiortc 1.16 loses the remote candidates, or a second m-line of a kind, where m-lines share a transport before
        # the answer.
        connection = RTCPeerConnection(RTCConfiguration(bundlePolicy=RTCBundlePolicy.MAX_COMPAT))
        self.addAsyncCleanup(connection.close)
        return connection

    async def publish(self, mark, frequency_hz):
        connection = self.new_connection()
        connection.addTransceiver(ToneTrack(frequency_hz), direction="sendonly")
        connection.addTransceiver(CounterTrack(mark), direction="sendonly")
        return await connect(self.server, "whip", connection)

    async def play(self, slots, frequencies_hz):
        connection = self.new_connection()
        spectator = Spectator(connection, frequencies_hz)
        self.addAsyncCleanup(spectator.stop)
        for kind in ("audio", "video"):
            for _ in range(slots):
                connection.addTransceiver(kind, direction="recvonly")
        return spectator, await connect(self.server, "whep", connection)

    async def test_a_picture_and_a_tone_reach_a_player(self):
        publisher = await self.publish(mark=5, frequency_hz=440)
        spectator, player = await self.play(slots=1, frequencies_hz=(440, 660))
        await spectator.until(lambda seen: seen.numbers.get(5, 0) >= ADVANCES and 440 in seen.tones)
        self.assertEqual(set(spectator.numbers), {5})
        self.assertEqual(spectator.tones, {440})

        for session in (publisher, player):
            self.assertEqual((await session.delete()).status, 200)
            gone = await session.delete()
            self.assertEqual(gone.status, 404)
            self.assertEqual(gone.headers["content-type"], "application/problem+json")
        self.assertTrue(self.server.is_running())

    async def test_a_player_who_was_there_first_sees_who_comes_later(self):
        spectator, _ = await self.play(slots=1, frequencies_hz=(440,))
        await self.publish(mark=6, frequency_hz=440)
        await spectator.until(lambda seen: seen.numbers.get(6, 0) >= ADVANCES and 440 in seen.tones)

    async def test_two_publishers_at_once_are_two_publications(self):
        first = await self.publish(mark=1, frequency_hz=440)
        await self.publish(mark=2, frequency_hz=660)
        spectator, _ = await self.play(slots=2, frequencies_hz=(440, 660))

        def both(seen):
            return all(seen.numbers.get(mark, 0) >= ADVANCES for mark in (1, 2)) and seen.tones == {440, 660}

        await spectator.until(both)

        # One leaves: the other goes on, alone.
        self.assertEqual((await first.delete()).status, 200)
        spectator.forget()
        await spectator.until(lambda seen: seen.numbers.get(2, 0) >= ADVANCES)
        self.assertLess(spectator.numbers.get(1, 0), ADVANCES, "a publication that was deleted is still forwarded")

    async def test_what_is_wrong_is_refused_clearly(self):
        connection = self.new_connection()
        connection.addTransceiver("video", direction="recvonly")
        await connection.setLocalDescription(await connection.createOffer())
        sdp = connection.localDescription.sdp
        unknown = "00000000-0000-7000-8000-000000000000"
        good = self.server.whep_token
        cases = [
            ("a wrong token", self.server.post_offer, ("whep", "wrong", sdp), 401),
            ("no token", self.server.post_offer, ("whep", None, sdp), 401),
            ("a token for sending", self.server.post_offer, ("whep", self.server.whip_token, sdp), {401, 403}),
            ("a token for receiving", self.server.post_offer, ("whip", good, sdp), {401, 403}),
            ("an unknown lesson", self.server.post_offer, ("whep", good, sdp, unknown), {401, 403, 404}),
            ("nonsense for an offer", self.server.post_offer, ("whep", good, "v=0\r\nnonsense\r\n"), {400, 406, 422}),
            ("an empty offer", self.server.post_offer, ("whep", good, ""), {400, 406, 422}),
        ]
        for what, ask, arguments, status in cases:
            with self.subTest(what):
                reply = await asyncio.to_thread(ask, *arguments)
                self.assertIn(reply.status, {status} if isinstance(status, int) else status, reply.body)
                self.assertEqual(reply.headers["content-type"], "application/problem+json", reply.body)
                self.assertIn("code", json.loads(reply.body))
        wrong_type = await asyncio.to_thread(
            self.server.request,
            "POST",
            f"/whep/{self.server.lesson}",
            good,
            sdp.encode(),
            {"content-type": "text/plain"},
        )
        self.assertEqual(wrong_type.status, 415, wrong_type.body)
        self.assertTrue(self.server.is_running())


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=2).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"aiortc: {outcome.testsRun - min(failed, outcome.testsRun)} passed, {failed} failed", flush=True)
    raise SystemExit(0 if outcome.wasSuccessful() else 1)
