"""Webhooks, taken by an independent server that checks their signatures and refuses the first tries."""

import base64
import hashlib
import hmac
import json
import sqlite3
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lesson import Place
from server import Server

PATIENCE_S = 30
EVENTS = ["attendance.ready", "lesson.ended", "lesson.started"]


class Receiver:
    """Takes deliveries as whoever reads Standard Webhooks 1.0 would; refuses each the first `refusals` times."""

    def __init__(self, refusals):
        self.refusals = refusals
        self.secret = None
        self.tries = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                identity = self.headers["webhook-id"]
                before = sum(1 for tried in receiver.tries if tried["id"] == identity)
                receiver.tries.append({
                    "id": identity,
                    "path": self.path,
                    "signed": receiver.is_signed(self.headers, body),
                    "body": json.loads(body),
                })
                refused = before < receiver.refusals
                self.send_response(500 if refused else 204)
                answer = b"not now" if refused else b""
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def is_signed(self, headers, body):
        """Whether one of the signatures is HMAC-SHA-256 of id, time and body, and the time is now."""
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        is_now = abs(time.time() - int(headers["webhook-timestamp"])) < 60
        signatures = headers["webhook-signature"].split(" ")
        return is_now and any(hmac.compare_digest(each, f"v1,{expected}") for each in signatures)

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class Webhooks(unittest.TestCase):
    def setUp(self):
        self.receiver = Receiver(refusals=2)
        self.addCleanup(self.receiver.stop)
        self.server = Server(f'[webhooks]\nallow = ["{self.receiver.origin}"]\n')
        self.addCleanup(self.server.stop)
        self.administrator = self.server.signed_in("administrator")
        self.webhooks = f"{self.administrator.institution}/webhooks"

    def make(self, url, expect=(201,)):
        return self.administrator.json("POST", self.webhooks, {"url": url, "events": EVENTS}, expect=expect)

    def deliveries(self, webhook):
        return self.administrator.json("GET", f"{self.webhooks}/{webhook}/deliveries")["items"]

    def wait(self, webhook, what, reached):
        """Waits until all three deliveries are so; gives them by their events."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = self.deliveries(webhook)
            if len(found) == 3 and all(reached(delivery) for delivery in found):
                return {delivery["event"]: delivery for delivery in found}
            time.sleep(0.1)
        self.fail(f"{what}: {found}\n{self.server.log()}")

    def let_time_pass(self):
        """The next tries are due in minutes; here they are due now."""
        with sqlite3.connect(self.server.database, timeout=PATIENCE_S) as store:
            store.execute("UPDATE webhook_delivery SET due_at = 1 WHERE delivered_at IS NULL")

    def test_a_lesson_is_told_signed_and_again_until_it_is_taken(self):
        made = self.make(f"{self.receiver.origin}/qism?school=1")
        self.receiver.secret, webhook = made["secret"], made["id"]
        trainer = Place(self.server, self.server.demo["links"]["trainer"])
        self.addCleanup(trainer.close)
        trainer.ask({"type": "start_lesson"})
        trainer.ask({"type": "end_lesson"})

        begun = time.time()
        once = self.wait(webhook, "tried once", lambda delivery: delivery["attempts"] == 1)
        self.assertEqual(sorted(once), EVENTS)
        for delivery in once.values():
            self.assertEqual((delivery["last_status"], delivery["delivered_at"]), (500, None))
            self.assertIn("not now", delivery["last_error"])
            self.assertGreater(delivery["due_at"] / 1e6, begun + 30)
        self.let_time_pass()
        twice = self.wait(webhook, "tried twice", lambda delivery: delivery["attempts"] == 2)
        for event, delivery in twice.items():
            waited = delivery["due_at"] / 1e6 - time.time()
            self.assertGreater(waited, 120, f"the second wait is longer than the first: {event}")
        self.let_time_pass()
        taken = self.wait(webhook, "delivered", lambda delivery: delivery["delivered_at"] is not None)
        for delivery in taken.values():
            self.assertEqual((delivery["attempts"], delivery["last_status"], delivery["due_at"]), (3, 204, None))

        self.assertEqual(len(self.receiver.tries), 9)
        for tried in self.receiver.tries:
            self.assertTrue(tried["signed"], tried)
            self.assertEqual(tried["path"], "/qism?school=1")
            self.assertEqual(tried["body"]["lesson"], self.server.lesson)
            self.assertEqual(tried["id"], tried["body"]["id"])
        self.assertEqual(
            {tried["id"] for tried in self.receiver.tries},
            {delivery["id"] for delivery in taken.values()},
            "each try has the id of the first, by which a receiver knows it",
        )
        ready = taken["attendance.ready"]["payload"]["at"]
        self.assertGreaterEqual(ready, taken["lesson.ended"]["payload"]["at"])
        self.assertEqual(self.administrator.status("POST", f"{self.webhooks}/{webhook}/deliveries/{taken['lesson.ended']['id']}/again"), 204)
        deadline = time.monotonic() + PATIENCE_S
        while len(self.receiver.tries) < 10 and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(self.receiver.tries[-1]["body"]["event"], "lesson.ended")

    def test_only_the_server_that_is_allowed_is_called(self):
        port = self.receiver.origin.rsplit(":", 1)[1]
        for url in [
            "http://127.0.0.1:1/qism",
            f"https://127.0.0.1:{port}/",
            f"http://localhost:{port}/",
            f"http://[::1]:{port}/",
            "http://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/",
            "http://hooks.example.ma/",
        ]:
            refused = self.make(url, expect=(422,))
            self.assertEqual([fault["field"] for fault in refused["fields"]], ["url"], url)
        # A name is looked at once it is resolved: this one is this machine.
        named = self.make(f"https://localhost.localdomain:{port}/")["id"]
        trainer = Place(self.server, self.server.demo["links"]["trainer"])
        self.addCleanup(trainer.close)
        trainer.ask({"type": "start_lesson"})
        trainer.ask({"type": "end_lesson"})
        tried = self.wait(named, "tried", lambda delivery: delivery["attempts"] > 0)
        for delivery in tried.values():
            self.assertIsNone(delivery["last_status"])
            self.assertIsNotNone(delivery["last_error"])
        self.assertEqual(self.receiver.tries, [])


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=2).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"webhooks: {outcome.testsRun - min(failed, outcome.testsRun)} passed, {failed} failed", flush=True)
    raise SystemExit(0 if outcome.wasSuccessful() else 1)
