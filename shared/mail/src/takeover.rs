//! The link in the mail of a ladder by which somebody says that they have it.

use policy::PersonId;
use ticket::{Keyring, TicketId};

const PURPOSE: &str = "have-it";

/// The path and query: `/tickets/EH-7K3Q-9M2X/have-it?who=tech-1&key=...`, relative to the form's URL.
///
/// The key is bound to ticket and person. All it can do is end repetitions, in that person's name.
pub fn takeover_path(keyring: &Keyring, prefix: &str, id: TicketId, who: &PersonId) -> String {
    let key = keyring.sign(PURPOSE, &[id.as_str(), who.as_str()]);
    format!("/tickets/{}/have-it?who={who}&key={key}", id.number(prefix))
}

/// Whether `key` is this person's for this ticket.
pub fn takes_over(keyring: &Keyring, id: TicketId, who: &PersonId, key: &str) -> bool {
    keyring.verify(PURPOSE, &[id.as_str(), who.as_str()], key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ticket::Pepper;

    #[test]
    fn a_link_is_one_persons_for_one_ticket() {
        let ring = Keyring::new([('1', "key")]);
        let [id, other] = ["a", "b"].map(|key| TicketId::derive(&Pepper::new("p"), "form", key, 0));
        let [ann, bob] = ["ann", "bob"].map(|id| id.parse::<PersonId>().unwrap());
        let path = takeover_path(&ring, "EH", id, &ann);
        let (path, key) = path.split_once("&key=").unwrap();
        assert_eq!(
            path,
            format!("/tickets/{}/have-it?who=ann", id.number("EH"))
        );
        assert!(takes_over(&ring, id, &ann, key));
        assert!(!takes_over(&ring, id, &bob, key));
        assert!(!takes_over(&ring, other, &ann, key));
        assert!(!takes_over(&ring, id, &ann, ""));
    }
}
