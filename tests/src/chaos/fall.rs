//! The machine goes down: the runner is killed with all that it runs, and started again on what it has stored.

use std::thread;
use std::time::Duration;

use play::{Player, Written};
use serde_json::json;

use super::story::{Teller, written};

/// The machine goes down so long after something began, in milliseconds of this machine's clock, at most.
const WITHIN: u64 = 150;

impl Teller<'_> {
    /// Begins something and lets the machine go down in the middle of it, or soon after; then it is there again.
    fn fall<T: Send>(&mut self, work: impl FnOnce(&mut Player) -> T + Send) -> T {
        let wait = Duration::from_millis(self.roll(WITHIN));
        let (desk, player) = (&mut *self.desk, &mut self.player);
        let done = thread::scope(|scope| {
            let working = scope.spawn(|| work(player));
            thread::sleep(wait);
            desk.kill();
            working.join().expect("what was begun comes to an end")
        });
        desk.restart();
        self.player.client = desk.client();
        self.story.falls.push(desk.now());
        done
    }

    /// A mail server that was not told that we have the mail sends it again. It is one mail all the same.
    pub(super) fn mail_while_it_falls(&mut self, number: usize) {
        let mail = Written {
            id: Some(format!("fall-{number}@example.net")),
            ..written(number)
        };
        if self.fall(|player| player.mail(&mail)).is_err() {
            let again = self.player.mail(&mail);
            again.expect("the mail server takes the mail");
        }
        self.story.accepted(number, mail.text, false);
    }

    /// Ticks, late events and mails are under way.
    pub(super) fn pass_while_it_falls(&mut self) {
        // Whether the clock still came to say that it had moved is no matter.
        drop(self.fall(|player| player.client.clock(&json!({ "advance": "PT3H" }))));
        self.desk.settle();
    }
}
