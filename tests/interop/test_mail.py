"""Queued mail, taken by an independent SMTP server."""

import email
import email.policy
import socket
import sqlite3
import time
import unittest
import uuid

from aiosmtpd.controller import Controller
from server import Server

PATIENCE_S = 20

CONFIG = """
[mail]
host = "127.0.0.1"
port = {port}
encryption = "none"
from = "classes@example.ma"
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Mailbox:
    """Keeps what it takes; refuses some recipients for now, and some for good."""

    def __init__(self):
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later"):
            return "451 4.3.0 try again later"
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 OK"


class Mail(unittest.TestCase):
    def setUp(self):
        self.mailbox = Mailbox()
        port = free_port()
        self.smtp = Controller(self.mailbox, hostname="127.0.0.1", port=port)
        self.smtp.start()
        self.addCleanup(self.smtp.stop)
        self.server = Server(CONFIG.format(port=port))
        self.addCleanup(self.server.stop)

    def queue(self, recipient, subject, body):
        mail = str(uuid.uuid4())
        with sqlite3.connect(self.server.database, timeout=PATIENCE_S) as store:
            store.execute(
                "INSERT INTO mail (id, institution, recipient, subject, body, created_at, due_at)"
                " SELECT ?, institution, ?, ?, ?, 1, 1 FROM lesson WHERE id = ?",
                (mail, recipient, subject, body, self.server.lesson),
            )
        return mail

    def outcome(self, mail):
        """Waits until an attempt was made."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with sqlite3.connect(self.server.database) as store:
                store.row_factory = sqlite3.Row
                row = store.execute("SELECT * FROM mail WHERE id = ?", (mail,)).fetchone()
            if row["attempts"] > 0:
                return row
            time.sleep(0.05)
        self.fail(f"no attempt was made in {PATIENCE_S} s:\n{self.server.log()}")

    def test_a_mail_arrives_whole_and_is_not_kept(self):
        subject = "دعوة إلى القسم: كهرباء السيارات"
        body = "مرحبا،\n\nافتح هذا الرابط:\nhttps://class.example.ma/account-link#secret\n"
        row = self.outcome(self.queue("salma@example.ma", subject, body))
        self.assertIsNotNone(row["sent_at"])
        self.assertEqual(row["body"], "")
        sender, recipients, message = self.mailbox.taken[0]
        self.assertEqual((sender, recipients), ("classes@example.ma", ["salma@example.ma"]))
        self.assertEqual(message["subject"], subject)
        self.assertEqual(message["from"].addresses[0].addr_spec, "classes@example.ma")
        self.assertIn("معهد", message["from"].addresses[0].display_name)
        self.assertEqual(message["auto-submitted"], "auto-generated")
        self.assertEqual(message.get_content().replace("\r\n", "\n").strip(), body.strip())

    def test_what_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_not(self):
        before = time.time()
        later = self.outcome(self.queue("later@example.ma", "x", "y"))
        self.assertIsNone(later["sent_at"])
        self.assertIsNone(later["failed_at"])
        self.assertIn("try again later", later["last_error"])
        self.assertGreater(later["due_at"] / 1e6, before + 50)
        nobody = self.outcome(self.queue("nobody@example.ma", "x", "y"))
        self.assertIsNotNone(nobody["failed_at"])
        broken = self.outcome(self.queue("no address", "x", "y"))
        self.assertIsNotNone(broken["failed_at"])
        self.assertEqual(self.mailbox.taken, [])
        self.assertTrue(self.server.is_running())


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=2).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"mail: {outcome.testsRun - min(failed, outcome.testsRun)} passed, {failed} failed", flush=True)
    raise SystemExit(0 if outcome.wasSuccessful() else 1)
