"""Verifies a ledger's seals with nothing of Qism: docs/LEDGER.md says how."""

import hashlib
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

whole, seals, place = open(sys.argv[1], "rb").read(), 0, 0
assert whole.endswith(b"\n"), "it was cut off"
for line in whole.splitlines(keepends=True):
    record = json.loads(line)
    if record["line"] == "seal":
        digest = hashlib.sha256(whole[:place]).hexdigest()
        assert digest == record["hash"], "what is above the seal was changed"
        public_key = bytes.fromhex(record["public_key"])
        assert hashlib.sha256(public_key).hexdigest()[:32] == record["key"], "the key's name is another's"
        signed = f"qism-ledger/1 seal\n{digest}\n{record['key']}\n{record['at']}\n".encode()
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(record["signature"]), signed)
        seals += 1
    place += len(line)
assert record["line"] == "seal", "its end is missing"
print(f"{seals} seals hold")
