//! The links by which staff open the files of a ticket from the mails that they get.

use jiff::Timestamp;
use policy::PersonId;
use ticket::{Keyring, TicketId};

const PURPOSE: &str = "files";

/// How a path names a file: the number of its message in the ticket's log, and its place there from 1.
pub fn file_place(seq: u32, place: usize) -> String {
    format!("{seq}-{place}")
}

/// The path and query: `/tickets/EH-7K3Q-9M2X/files/3-1?who=tech-1&until=1767225600&key=...`, relative to the form's URL.
///
/// The key is bound to ticket, person and end. It opens every file of the ticket, notes' too, which staff may read; who
/// leaves the policy in force loses it before.
pub fn file_path(
    keyring: &Keyring,
    prefix: &str,
    id: TicketId,
    who: &PersonId,
    until: Timestamp,
    place: &str,
) -> String {
    let until = until.as_second().to_string();
    let key = keyring.sign(PURPOSE, &[id.as_str(), who.as_str(), &until]);
    let number = id.number(prefix);
    format!("/tickets/{number}/files/{place}?who={who}&until={until}&key={key}")
}

/// Whether `key` opens this ticket's files for this person now.
pub fn opens_files(
    keyring: &Keyring,
    id: TicketId,
    who: &PersonId,
    until: &str,
    key: &str,
    now: Timestamp,
) -> bool {
    let lasts = until.parse().is_ok_and(|end: i64| now.as_second() < end);
    lasts && keyring.verify(PURPOSE, &[id.as_str(), who.as_str(), until], key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ticket::Pepper;

    #[test]
    fn a_link_is_one_persons_for_one_ticket_until_it_ends() {
        let ring = Keyring::new([('1', "key")]);
        let [id, other] = ["a", "b"].map(|key| TicketId::derive(&Pepper::new("p"), "form", key, 0));
        let [ann, bob] = ["ann", "bob"].map(|id| id.parse::<PersonId>().unwrap());
        let until = Timestamp::from_second(2_000_000_000).unwrap();
        let before = Timestamp::from_second(1_999_999_999).unwrap();
        let path = file_path(&ring, "EH", id, &ann, until, &file_place(3, 1));
        let (path, key) = path.split_once("&key=").unwrap();
        let number = id.number("EH");
        assert_eq!(
            path,
            format!("/tickets/{number}/files/3-1?who=ann&until=2000000000")
        );
        let opens = |id, who: &PersonId, until: &str, key: &str, now| {
            opens_files(&ring, id, who, until, key, now)
        };
        assert!(opens(id, &ann, "2000000000", key, before));
        assert!(!opens(id, &ann, "2000000000", key, until));
        assert!(!opens(id, &ann, "2000000001", key, before));
        assert!(!opens(id, &ann, "", key, before));
        assert!(!opens(id, &bob, "2000000000", key, before));
        assert!(!opens(other, &ann, "2000000000", key, before));
        assert!(!opens(id, &ann, "2000000000", "", before));
    }
}
