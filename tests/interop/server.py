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

    def post_offer(self, kind, token, sdp, lesson=None):
        """Offers to `whip` or `whep`."""
        headers = {"content-type": "application/sdp"}
        return self.request("POST", f"/{kind}/{lesson or self.lesson}", token, sdp.encode(), headers)
