"""A demo server for one test, and plain HTTP requests to it."""

import json
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

START_TIMEOUT_S = 30
ANSWER_TIMEOUT_S = 15


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body.decode("utf-8", "replace")


class Browser:
    """Asks with one session's cookie."""

    def __init__(self, server):
        self._server = server
        self._cookies = {}
        # Of who signed in: where the records of their institution are.
        self.institution = None

    def ask(self, method, path, body=None, headers=None):
        given = {"cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            given["content-type"] = "application/json"
        content = None if body is None else json.dumps(body).encode()
        reply = self._server.request(method, path, body=content, headers={**given, **(headers or {})})
        for cookie in reply.headers.get_all("set-cookie") or []:
            name, value = cookie.split(";", 1)[0].split("=", 1)
            self._cookies[name] = value
        return reply

    def status(self, method, path, body=None, headers=None):
        return self.ask(method, path, body, headers).status

    def json(self, method, path, body=None, headers=None, expect=(200,)):
        reply = self.ask(method, path, body, headers)
        if reply.status not in expect:
            raise AssertionError(f"{method} {path}: {reply.status} {reply.body}\n{self._server.log()}")
        return json.loads(reply.body)


class Server:
    """Runs the program that QISM_BIN names on free ports, with its data in a folder that goes with it."""

    def __init__(self, config=""):
        """`config` is the text of a configuration file."""
        self._folder = tempfile.TemporaryDirectory(prefix="qism-test-")
        folder = Path(self._folder.name)
        self.database = folder / "qism.db"
        self._log = open(folder / "log", "wb+")
        (folder / "qism.toml").write_text(config)
        arguments = ["serve", "--demo", "--listen", "127.0.0.1:0", "--media-port", "0", "--data-dir", str(folder)]
        arguments += ["--config", str(folder / "qism.toml")]
        self._process = subprocess.Popen(
            [os.environ["QISM_BIN"], *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )
        try:
            demo = self._wait_until_ready(folder / "demo.json")
        except BaseException:
            self.stop()
            raise
        self.demo = demo
        self.base_url = demo["base_url"]
        self.lesson = demo["lesson"]
        self.whip_token = demo["whip"]["token"]
        self.whep_token = demo["whep"]["token"]

    def _wait_until_ready(self, file):
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended with status {self._process.returncode}:\n{self.log()}")
            try:
                return json.loads(file.read_text())
            except (FileNotFoundError, json.JSONDecodeError):
                time.sleep(0.05)
        raise RuntimeError(f"the server wrote no demo.json in {START_TIMEOUT_S} s:\n{self.log()}")

    def log(self):
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    def is_running(self):
        return self._process.poll() is None

    def stop(self):
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._folder.cleanup()

    def request(self, method, path, token=None, body=None, headers=None):
        """One request; any status is a reply."""
        url = path if path.startswith("http") else self.base_url + path
        request = urllib.request.Request(url, method=method, data=body, headers=headers or {})
        if token is not None:
            request.add_header("authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_TIMEOUT_S) as answer:
                return Reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refusal:
            return Reply(refusal.code, refusal.headers, refusal.read())

    def browser(self):
        return Browser(self)

    def signed_in(self, word):
        """The browser of somebody of the demo: `administrator`, `trainer` and so on."""
        browser = Browser(self)
        account = self.demo["accounts"][word]
        me = browser.json("POST", "/api/sign-in", {key: account[key] for key in ("sign_in", "password")})
        browser.institution = f"/api/institutions/{me['institution']}"
        return browser

    def post_offer(self, kind, token, sdp, lesson=None):
        """Offers to `whip` or `whep`."""
        headers = {"content-type": "application/sdp"}
        return self.request("POST", f"/{kind}/{lesson or self.lesson}", token, sdp.encode(), headers)
