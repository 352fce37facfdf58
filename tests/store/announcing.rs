//! Announcements on their way into the queue of mail.

use crate::applying::{after, announcement};
use crate::courses::{TRAINER, account, by};
use crate::scratch::{Scratch, school};
use qism::notify::queue_announcements;
use qism::store::{Announcement, Audience, Roles};
use qism::time::{Clock, Timestamp};

/// A clock that stands.
struct Stands(Timestamp);

impl Clock for Stands {
    fn now(&self) -> Timestamp {
        self.0
    }
}

pub async fn an_announcement_goes_out_by_mail_once_to_each(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let follower = account(&of, 600, Roles { trainee: true, ..Roles::default() }).await;
    account(&of, 601, TRAINER).await;
    account(&theirs.of(&store), 602, TRAINER).await;
    of.add_member(ours.group, follower, &by("group.add_member")).await.expect("follows");
    let publish = by("announcement.create");
    for (number, audience) in [(20, Audience::Institution), (21, Audience::Group(ours.group))] {
        let made = Announcement { by_mail: true, ..announcement(number, &ours, audience) };
        of.announce(&made, &publish).await.expect("published");
    }
    of.announce(&announcement(22, &ours, Audience::Institution), &publish).await.expect("not by mail");
    let clock = Stands(after(30));
    queue_announcements(&store, &clock).await.expect("queued");
    queue_announcements(&store, &clock).await.expect("nothing more");
    let queued = store.mail_due(after(40), 100).await.expect("mails");
    let mut sent: Vec<(&str, &str)> =
        queued.iter().map(|mail| (mail.subject.as_str(), mail.recipient.as_str())).collect();
    sent.sort_unstable();
    let expected = [
        ("Announcement 20", "account-600@example.org"),
        ("Announcement 20", "account-601@example.org"),
        ("Announcement 21", "account-600@example.org"),
    ];
    assert_eq!(sent, expected);
}
