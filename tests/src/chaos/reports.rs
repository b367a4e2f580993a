//! What SES said of our mails: noted where the mail is, shown on its ticket once, told to those who work on it.

use play::Mail;
use serde_json::Value;

use super::check::Evidence;
use super::story::{REFUSED, UNWANTED, said};
use super::table::Item;

impl Evidence {
    /// Every report that was not lost on its way has had its effect, and had it once.
    pub(super) fn reports(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for mail in &self.mails {
            let noted = match mail.to.first() {
                Some(to) if to.starts_with(REFUSED) => "d_bounce",
                Some(to) if to.starts_with(UNWANTED) => "d_spam",
                _ => continue,
            };
            let id = mail.header("x-troth-notice");
            let sk = format!("n#{id}");
            let Some(notice) = self.of(&sk).next() else {
                continue;
            };
            if !notice.contains_key(noted) && !self.was_lost(mail) {
                wrong.push(format!(
                    "nothing is noted of what SES said of {}",
                    mail.line()
                ));
            }
            let shown = self.shown(notice, id);
            let expected = usize::from(notice.contains_key(noted));
            if shown != expected {
                wrong.push(format!(
                    "{} shows {shown} times that notice {id} is not received",
                    notice["PK"]
                ));
            }
            let told = self.of("n#").filter(|it| it["PK"] == notice["PK"]);
            let told = told
                .filter(|it| it["notice"].contains("\"not_reached\""))
                .count();
            if shown > 0 && told == 0 {
                wrong.push(format!("nobody is told that notice {id} is not received"));
            }
        }
        wrong
    }

    /// How many events of its ticket say that a notice is not received.
    fn shown(&self, notice: &Item, id: &str) -> usize {
        let of_ticket = self.of("e#").filter(|event| event["PK"] == notice["PK"]);
        let says = |event: &&Item| {
            event["event"].contains("\"not_reached\"") && event["event"].contains(id)
        };
        of_ticket.filter(says).count()
    }

    /// Whether one of the events about a mail was lost on purpose. None goes down with the machine.
    fn was_lost(&self, mail: &Mail) -> bool {
        let lost = |strike: &Value| {
            said(&strike["what"]) == "event Lost" && strike["mail"] == mail.id.as_str()
        };
        self.strikes.iter().any(lost)
    }
}
