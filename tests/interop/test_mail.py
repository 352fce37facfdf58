"""Queued mail, taken by an independent SMTP server."""

import datetime
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
        self.is_busy = True

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later") and self.is_busy:
            return "451 4.3.0 try again later"
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 OK"

    def by_recipient(self):
        """The messages that each got."""
        found = {}
        for _, recipients, message in list(self.taken):
            for recipient in recipients:
                found.setdefault(recipient, []).append(message)
        return found


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

    def person(self, administrator, name, mail, language):
        roles = {"trainer": False, "trainee": True, "committee": False, "administrator": False}
        person = {"name": name, "mail": mail, "language": language, "roles": roles}
        return administrator.json("POST", f"{administrator.institution}/people", person, expect=(201,))["id"]

    def publish(self, administrator, title, body="x", by_mail=True):
        """What is published last goes out last: once it is there, nothing of what was before is still to come."""
        announcement = {"audience": "institution", "title": title, "body": body, "by_mail": by_mail}
        administrator.json("POST", f"{administrator.institution}/announcements", announcement, expect=(201,))

    def wait(self, what, reached):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if reached():
                return
            time.sleep(0.05)
        self.fail(f"{what} in {PATIENCE_S} s: {self.mailbox.by_recipient()}\n{self.server.log()}")

    def let_time_pass(self):
        """The next attempts are due in minutes; here they are due now."""
        with sqlite3.connect(self.server.database, timeout=PATIENCE_S) as store:
            store.execute("UPDATE mail SET due_at = 1 WHERE sent_at IS NULL AND failed_at IS NULL")

    def refused_once(self, recipient):
        """Whether the mail to this address was refused for now."""
        with sqlite3.connect(self.server.database) as store:
            rows = store.execute("SELECT attempts, sent_at, failed_at FROM mail WHERE recipient = ?", (recipient,))
            return rows.fetchall() == [(1, None, None)]

    def test_a_cancelled_lesson_is_told_to_each_in_their_language(self):
        administrator = self.server.signed_in("administrator")
        at = administrator.institution
        now = time.time() * 1e6
        day = datetime.date.today()
        span = f"from={day}&to={day + datetime.timedelta(days=14)}"
        lessons = administrator.json("GET", f"{at}/lessons?{span}")["items"]
        lesson = next(
            each
            for each in lessons
            if each["phase"] == "planned" and each["cancelled_at"] is None and each["starts_at"] > now
        )
        wanted = {"salma@example.ma": "ar", "driss@example.ma": "fr", "later@example.ma": "ar"}
        people = {mail: self.person(administrator, f"متدرب {mail}", mail, tag) for mail, tag in wanted.items()}
        self.person(administrator, "سناء", "elsewhere@example.ma", "ar")
        group = f"{at}/groups/{lesson['group']['id']}"
        tag = administrator.ask("GET", group).headers["etag"]
        administrator.json("PATCH", group, {"capacity": None}, {"if-match": tag})
        for person in people.values():
            put = administrator.status("PUT", f"{group}/members/{person}")
            self.assertEqual(put, 204)
        reason = "عطب في التيار الكهربائي بالورشة"
        cancelled = administrator.json(
            "POST",
            f"{at}/lessons/{lesson['id']}/cancel",
            {"scope": "this", "reason": reason},
            {"if-match": f'"{lesson["version"]}"'},
        )
        self.assertIsNotNone(cancelled["lesson"]["cancelled_at"])

        self.wait("two mails and a refusal", lambda: len(self.mailbox.taken) == 2 and self.refused_once("later@example.ma"))
        self.mailbox.is_busy = False
        self.let_time_pass()
        self.wait("the third mail", lambda: len(self.mailbox.taken) == 3)
        self.publish(administrator, "الأخير")
        self.wait("the last announcement", lambda: len(self.mailbox.taken) >= 7)
        taken = self.mailbox.by_recipient()
        elsewhere = [message["subject"] for message in taken.pop("elsewhere@example.ma")]
        self.assertEqual(elsewhere, ["الأخير"], "of the lesson its group is told, and nobody else")
        self.assertEqual(sorted(taken), sorted(wanted))
        for recipient, messages in taken.items():
            message, last = messages
            self.assertEqual(last["subject"], "الأخير", f"one mail of the lesson to {recipient}")
            french = wanted[recipient] == "fr"
            heading = "Séance annulée\u00a0: " if french else "ألغيت حصة: "
            self.assertEqual(message["subject"], heading + lesson["title"])
            body = message.get_content().replace("\r\n", "\n")
            self.assertIn(lesson["group"]["name"], body)
            self.assertIn(("Motif\u00a0: " if french else "السبب: ") + reason, body)
            day, clock = lesson["starts"].split("T")
            self.assertIn("/".join(reversed(day.split("-"))) + " " + clock, body)

    def test_an_announcement_goes_to_each_once(self):
        administrator = self.server.signed_in("administrator")
        recipients = ["salma@example.ma", "driss@example.ma", "later@example.ma"]
        for number, mail in enumerate(recipients):
            self.person(administrator, f"متدرب {number}", mail, "fr" if mail.startswith("driss") else "ar")
        # Long enough to be folded over several lines, each encoded by itself.
        title = "إعلان: تغيير مواعيد الأشغال التطبيقية بورشة كهرباء السيارات ابتداء من الأسبوع القادم، والمرجو الحضور نصف ساعة قبل الموعد"
        body = "السلام عليكم،\n\nتبدأ الحصص على الساعة 08:00.\n\nMerci d’apporter vos chaussures de sécurité."
        self.publish(administrator, title, body)
        self.publish(administrator, "بدون بريد", by_mail=False)

        def all_tried():
            return len(self.mailbox.taken) >= 2 and self.refused_once("later@example.ma")

        self.wait("two mails and a refusal", all_tried)
        self.mailbox.is_busy = False
        self.let_time_pass()
        self.wait("the third mail", lambda: len(self.mailbox.taken) >= 3)
        self.publish(administrator, "الأخير")
        self.wait("the last announcement", lambda: len(self.mailbox.taken) >= 6)
        taken = self.mailbox.by_recipient()
        self.assertEqual(sorted(taken), sorted(recipients))
        for recipient, messages in taken.items():
            self.assertEqual([message["subject"] for message in messages], [title, "الأخير"], recipient)
            content = messages[0].get_content().replace("\r\n", "\n")
            self.assertTrue(content.startswith(body), content)
            why = "Vous recevez ce message" if recipient.startswith("driss") else "توصلت بهذه الرسالة"
            self.assertIn(why, content)

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
