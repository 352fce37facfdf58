"""As much of a lesson's client as a test needs: a place, and the WebSocket (RFC 6455) on which the room is asked."""

import base64
import json
import os
import socket
import struct
from urllib.parse import urlsplit

PROTOCOL = 1
SUBPROTOCOL = "qism.v1"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
PATIENCE_S = 15


class Place:
    """Somebody who came by a link and is in the room."""

    def __init__(self, server, link, name="Interop"):
        browser = server.browser()
        body = {"invitation": urlsplit(link).fragment, "name": name}
        card = browser.json("POST", "/api/sessions", body, expect=(200, 201))
        path = f"/api/lessons/{card['lesson']['id']}/participants/{card['participant']}/tickets"
        ticket = browser.json("POST", path, expect=(200, 201))["ticket"]
        self._asked = 0
        self._bytes = b""
        self._open(server.base_url)
        self._send({"type": "hello", "protocol": PROTOCOL, "ticket": ticket, "resume": None})
        self._until(lambda message: message["type"] == "welcome")

    def ask(self, command):
        """Asks the room, and returns once what follows is durable."""
        self._asked += 1
        number = self._asked
        self._send({"type": "command", "id": number, "command": command})
        answer = self._until(lambda message: message["type"] in ("ok", "error") and message.get("id") == number)
        assert answer["type"] == "ok", answer

    def close(self):
        self._socket.close()

    def _open(self, base_url):
        url = urlsplit(base_url)
        self._socket = socket.create_connection((url.hostname, url.port), timeout=PATIENCE_S)
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET /ws HTTP/1.1\r\nhost: {url.netloc}\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
            f"sec-websocket-key: {key}\r\nsec-websocket-version: 13\r\nsec-websocket-protocol: {SUBPROTOCOL}\r\n\r\n"
        )
        self._socket.sendall(head.encode())
        while b"\r\n\r\n" not in self._bytes:
            self._receive()
        head, self._bytes = self._bytes.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 101"), head

    def _receive(self):
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError("the server closed the WebSocket")
        self._bytes += received

    def _take(self, count):
        while len(self._bytes) < count:
            self._receive()
        taken, self._bytes = self._bytes[:count], self._bytes[count:]
        return taken

    def _frame(self):
        first, second = self._take(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self._take(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._take(8))
        return first & 0x0F, self._take(length)

    def _send(self, message, kind=TEXT):
        payload = message if isinstance(message, bytes) else json.dumps(message).encode()
        length = len(payload)
        size = bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126]) + struct.pack("!H", length)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self._socket.sendall(bytes([0x80 | kind]) + size + mask + masked)

    def _until(self, wanted):
        while True:
            kind, payload = self._frame()
            if kind == PING:
                self._send(payload, PONG)
            elif kind == CLOSE:
                raise ConnectionError(f"the server closed the WebSocket: {payload!r}")
            elif kind == TEXT:
                message = json.loads(payload)
                if wanted(message):
                    return message
