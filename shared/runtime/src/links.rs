//! The customer's link: who may open which ticket's page.

use ticket::{AddressHash, Keyring, TicketId};

const PURPOSE: &str = "link";

/// The path and query of a customer's page: `/tickets/EH-7K3Q-9M2X?key=...`, relative to the form's URL.
///
/// The key is bound to ticket, person and generation (130 bits); nothing but the generation is stored, and raising it
/// revokes every earlier link.
pub fn page(
    keyring: &Keyring,
    prefix: &str,
    id: TicketId,
    who: &AddressHash,
    generation: u32,
) -> String {
    let key = keyring.sign(
        PURPOSE,
        &[id.as_str(), who.as_str(), &generation.to_string()],
    );
    format!("/tickets/{}?key={key}", id.number(prefix))
}

/// Whether `key` opens this ticket for this person.
pub fn opens(
    keyring: &Keyring,
    id: TicketId,
    who: &AddressHash,
    generation: u32,
    key: &str,
) -> bool {
    keyring.verify(
        PURPOSE,
        &[id.as_str(), who.as_str(), &generation.to_string()],
        key,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ticket::Pepper;

    #[test]
    fn a_link_opens_one_ticket_for_one_person_until_it_is_revoked() {
        let pepper = Pepper::new("pepper");
        let ring = Keyring::new([('1', "key")]);
        let id = TicketId::derive(&pepper, "form", "a", 0);
        let other = TicketId::derive(&pepper, "form", "b", 0);
        let who = AddressHash::of(&pepper, "customer@example.com");
        let stranger = AddressHash::of(&pepper, "stranger@example.com");
        let link = page(&ring, "EH", id, &who, 0);
        let (path, key) = link.split_once("?key=").unwrap();
        assert_eq!(path, format!("/tickets/{}", id.number("EH")));
        assert!(opens(&ring, id, &who, 0, key));
        assert!(!opens(&ring, other, &who, 0, key));
        assert!(!opens(&ring, id, &stranger, 0, key));
        assert!(!opens(&ring, id, &who, 1, key));
        assert!(!opens(&ring, id, &who, 0, ""));
    }
}
