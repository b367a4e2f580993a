//! The customer's link: who may open which ticket's page, and whether it came by mail.

use ticket::{AddressHash, Keyring, TicketId};

/// How somebody came by a link. Both open the same page; only one of them proves whose address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The answer to a request showed it, to whoever typed the address.
    Shown,
    /// It was mailed to the address, so that whoever has it reads there.
    Mailed,
}

impl Way {
    const ALL: [Self; 2] = [Self::Shown, Self::Mailed];

    /// What keys are signed for. Links of binaries that told no ways apart are [`Self::Shown`]: they prove nothing.
    fn purpose(self) -> &'static str {
        match self {
            Self::Shown => "link",
            Self::Mailed => "mailed-link",
        }
    }
}

/// The path and query of a customer's page: `/tickets/EH-7K3Q-9M2X?key=...`, relative to the form's URL.
///
/// The key is bound to ticket, person, generation and the way it goes (130 bits); nothing but the generation is stored,
/// and raising it revokes every earlier link.
pub fn page(
    keyring: &Keyring,
    prefix: &str,
    id: TicketId,
    who: &AddressHash,
    generation: u32,
    way: Way,
) -> String {
    let claim = [id.as_str(), who.as_str(), &generation.to_string()];
    let key = keyring.sign(way.purpose(), &claim);
    format!("/tickets/{}?key={key}", id.number(prefix))
}

/// The way that `key` went, if it opens this ticket for this person.
pub fn opens(
    keyring: &Keyring,
    id: TicketId,
    who: &AddressHash,
    generation: u32,
    key: &str,
) -> Option<Way> {
    let claim = [id.as_str(), who.as_str(), &generation.to_string()];
    Way::ALL
        .into_iter()
        .find(|way| keyring.verify(way.purpose(), &claim, key))
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
        for way in Way::ALL {
            let link = page(&ring, "EH", id, &who, 0, way);
            let (path, key) = link.split_once("?key=").unwrap();
            assert_eq!(path, format!("/tickets/{}", id.number("EH")));
            assert_eq!(opens(&ring, id, &who, 0, key), Some(way));
            assert_eq!(opens(&ring, other, &who, 0, key), None);
            assert_eq!(opens(&ring, id, &stranger, 0, key), None);
            assert_eq!(opens(&ring, id, &who, 1, key), None);
        }
        assert_eq!(opens(&ring, id, &who, 0, ""), None);
    }
}
