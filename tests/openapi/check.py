"""Whether the OpenAPI document is valid, and whether the server answers as it says, whatever it is asked."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))
from server import Server  # noqa: E402

SECONDS = int(os.environ.get("OPENAPI_SECONDS", "75"))
EXAMPLES_PER_CALL = 12

# Everything that a client may rely on. That bad input is refused is what other tests look at, call by call.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

# These end the session that the requests are made with, or its account.
ENDS_THE_SESSION = r"^/api/(sign-out|sign-in|me/sessions.*|me/password|me/second-factor.*|account-links/.*|setup)$"

# Not JSON over HTTP: an upgrade, SDP, files, redirects to another server.
OTHER_SHAPES = r"^/(ws|whip/.*|whep/.*|metrics|calendar/.*|api/oidc/.*)$"


def sign_in(server, account):
    body = json.dumps({"sign_in": account["sign_in"], "password": account["password"]}).encode()
    reply = server.request("POST", "/api/sign-in", body=body, headers={"content-type": "application/json"})
    assert reply.status == 200, reply.body
    return reply.headers["set-cookie"].split(";")[0], json.loads(reply.body)


def schemathesis(server, cookie, institution, folder):
    config = folder / "schemathesis.toml"
    config.write_text(f'[parameters]\ninstitution = "{institution}"\n')
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "--config-file", str(config),
        "run", f"{server.base_url}/api/openapi.json",
        "--phases", "examples,coverage,fuzzing",
        "--checks", CHECKS,
        "--max-examples", str(EXAMPLES_PER_CALL),
        "--max-time", str(SECONDS),
        "--seed", "20261125",
        "--no-shrink",
        "--continue-on-failure",
        "--workers", "2",
        "--request-timeout", "20",
        "--suppress-health-check", "all",
        "--warnings", "off",
        "--header", f"cookie:{cookie}",
        "--header", 'if-match:"1"',
        "--exclude-path-regex", f"{ENDS_THE_SESSION}|{OTHER_SHAPES}",
    ]
    return subprocess.run(command, cwd=folder, check=False).returncode == 0


def main():
    passed, failed = 0, 0

    def note(name, good):
        nonlocal passed, failed
        passed, failed = passed + good, failed + (not good)
        print(f"openapi: {name}: {'ok' if good else 'FAILED'}", flush=True)

    server = Server()
    try:
        document = json.loads(server.request("GET", "/api/openapi.json").body)
        faults = list(OpenAPIV31SpecValidator(document).iter_errors())
        for fault in faults[:20]:
            print(f"openapi: {'/'.join(map(str, fault.path))}: {fault.message}")
        note("the document is valid OpenAPI 3.1", document["openapi"].startswith("3.1") and not faults)
        accounts = server.demo["accounts"]
        # First, since what an administrator asks may change anybody's account.
        signed_in = {who: sign_in(server, accounts[who]) for who in ("administrator", "trainee")}
        for who, (cookie, me) in signed_in.items():
            with tempfile.TemporaryDirectory() as folder:
                note(f"as {who}", schemathesis(server, cookie, me["institution"], Path(folder)))
        note("the server is still there", server.is_running() and server.request("GET", "/healthz").status == 200)
        panics = [line for line in server.log().splitlines() if "panicked" in line]
        note("nothing panicked", not panics)
    finally:
        server.stop()
    print(f"openapi: {passed} passed, {failed} failed", flush=True)
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    raise SystemExit(main())
