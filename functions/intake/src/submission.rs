//! A new request, read and checked field by field; every fault is found, not only the first.

pub(crate) mod asks;

use policy::{DepartmentId, Lang, Policy, ServiceId, TicketType, Zone};
use ticket::{ContentDigest, Words, mask};

use crate::address::Address;
use crate::fields::{FieldFault, Fields};
use crate::texts::Fault;

/// What a new request may consist of.
pub(crate) const FIELDS: [&str; 9] = [
    "email",
    "name",
    "subject",
    "message",
    "department",
    "type",
    "lang",
    "zone",
    "nonce",
];

/// The types that the form offers; feedback is asked for by mail after a ticket is solved.
pub(crate) const TYPES: [TicketType; 2] = [TicketType::Request, TicketType::Complaint];

/// Sizes, in characters. The page names them, `docs/` names them, and so does every refusal.
pub(crate) mod limits {
    pub(crate) const NAME: usize = 200;
    pub(crate) const SUBJECT: usize = 300;
    pub(crate) const MESSAGE: usize = 20_000;
    pub(crate) const KEY: usize = 200;
    /// A body of more bytes than this is not even read.
    pub(crate) const BODY_BYTES: usize = 256 * 1024;
}

// A message is kept whole: characters have at most four bytes.
const _: () = assert!(limits::MESSAGE * 4 <= Words::MAX_BYTES);

/// Who filled the fields in: a page of ours, whose hidden fields a person cannot repair, or a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Form,
    Api,
}

/// A request that can become a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Submission {
    pub(crate) email: Address,
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) message: String,
    pub(crate) department: Option<DepartmentId>,
    pub(crate) service: Option<ServiceId>,
    pub(crate) ticket_type: TicketType,
    pub(crate) lang: Lang,
    pub(crate) zone: Option<String>,
}

impl Submission {
    /// Reads the fields against the policy. `lang` is the language to answer in if the caller names none.
    pub(crate) fn read(
        fields: &Fields,
        policy: &Policy,
        lang: &Lang,
        origin: Origin,
    ) -> Result<Self, Vec<FieldFault>> {
        let own = if origin == Origin::Form {
            &FIELDS[..]
        } else {
            &FIELDS[..8]
        };
        let asked = asks::names(policy);
        let known: Vec<&str> = own
            .iter()
            .copied()
            .chain(asked.iter().map(String::as_str))
            .collect();
        let mut faults = fields.strays(&known);
        let mut keep = |name: &str, fault| faults.push((name.to_owned(), fault));
        let email = email(fields).map_err(|fault| keep("email", fault)).ok();
        let name = line(fields, "name", limits::NAME)
            .map_err(|fault| keep("name", fault))
            .ok();
        let subject = required_line(fields, "subject", limits::SUBJECT)
            .map_err(|fault| keep("subject", fault))
            .ok();
        let message = message(fields).map_err(|fault| keep("message", fault)).ok();
        let service = asks::service(fields, policy)
            .map_err(|fault| keep(asks::SERVICE, fault))
            .ok();
        let given = asks::given(fields, policy, &mut keep);
        let department = department(fields, policy)
            .map_err(|fault| keep("department", fault))
            .ok();
        let ticket_type = ticket_type(fields)
            .map_err(|fault| keep("type", fault))
            .ok();
        let lang = language(fields, policy, lang, origin)
            .map_err(|fault| keep("lang", fault))
            .ok();
        let zone = zone(fields, origin)
            .map_err(|fault| keep("zone", fault))
            .ok();
        match (
            email,
            name,
            subject,
            message,
            department,
            ticket_type,
            lang,
            zone,
        ) {
            (
                Some(email),
                Some(name),
                Some(subject),
                Some(message),
                Some(department),
                Some(ticket_type),
                Some(lang),
                Some(zone),
            ) if faults.is_empty() => Ok(Self {
                email,
                name,
                subject,
                message: asks::told(message, &given, &lang),
                department,
                service: service.flatten(),
                ticket_type,
                lang,
                zone,
            }),
            _ => Err(faults),
        }
    }

    /// Tells a repeat from another request under the same key; the order of fields does not matter.
    pub(crate) fn digest(&self) -> ContentDigest {
        let department = self.department.as_ref().map_or("", DepartmentId::as_str);
        // Of a secret not even a digest is stored: few digits are left to guess.
        let (subject, message) = (mask(&self.subject).0, mask(&self.message).0);
        let parts = [
            self.email.as_str(),
            &self.name,
            &subject,
            &message,
            department,
            self.ticket_type.as_str(),
            self.lang.as_str(),
            self.zone.as_deref().unwrap_or_default(),
        ];
        // A request without a service has the digest that it always had.
        let service = self.service.as_ref().map(ServiceId::as_str);
        let parts: Vec<&[u8]> = parts
            .into_iter()
            .chain(service)
            .map(str::as_bytes)
            .collect();
        ContentDigest::of(&parts)
    }
}

fn email(fields: &Fields) -> Result<Address, Fault> {
    let text = fields.given("email").ok_or(Fault::Missing)?;
    Address::parse(text).ok_or(Fault::NotAnAddress)
}

fn line(fields: &Fields, name: &str, most: usize) -> Result<String, Fault> {
    let text = fields.raw(name).trim();
    if text
        .chars()
        .any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
    {
        return Err(Fault::NotOneLine);
    }
    let text: String = text.chars().filter(|&c| !is_trick(c)).collect();
    if text.chars().count() > most {
        Err(Fault::TooLong(most))
    } else {
        Ok(text)
    }
}

fn required_line(fields: &Fields, name: &str, most: usize) -> Result<String, Fault> {
    let text = line(fields, name, most)?;
    if text.trim().is_empty() {
        Err(Fault::Missing)
    } else {
        Ok(text)
    }
}

/// The message of a new request or of an answer: line ends as `\n`, no control characters but tabs.
pub(crate) fn message(fields: &Fields) -> Result<String, Fault> {
    let text = fields
        .raw("message")
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let text: String = text
        .chars()
        .filter(|&c| matches!(c, '\n' | '\t') || !(c.is_control() || is_trick(c)))
        .collect();
    let text = text.trim_end().trim_start_matches('\n');
    if text.trim().is_empty() {
        Err(Fault::Missing)
    } else if text.chars().count() > limits::MESSAGE {
        Err(Fault::TooLong(limits::MESSAGE))
    } else {
        Ok(text.to_owned())
    }
}

/// Characters that turn what is read around without being seen.
fn is_trick(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{FEFF}')
}

fn department(fields: &Fields, policy: &Policy) -> Result<Option<DepartmentId>, Fault> {
    let Some(text) = fields.given("department") else {
        return Ok(None);
    };
    let offered = || {
        policy
            .terms()
            .departments
            .iter()
            .filter(|department| department.on_form)
    };
    match offered().find(|department| department.id.as_str() == text) {
        Some(department) => Ok(Some(department.id.clone())),
        None => Err(Fault::NotOffered(
            offered()
                .map(|department| department.id.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        )),
    }
}

fn ticket_type(fields: &Fields) -> Result<TicketType, Fault> {
    let Some(text) = fields.given("type") else {
        return Ok(TicketType::Request);
    };
    let offered = TYPES
        .iter()
        .copied()
        .find(|offered| offered.as_str() == text);
    offered.ok_or_else(|| Fault::NotOffered(TYPES.map(TicketType::as_str).join(", ")))
}

fn language(fields: &Fields, policy: &Policy, lang: &Lang, origin: Origin) -> Result<Lang, Fault> {
    let Some(text) = fields.given("lang") else {
        return Ok(lang.clone());
    };
    let spoken = &policy.terms().languages;
    match (spoken.iter().find(|spoken| spoken.as_str() == text), origin) {
        (Some(spoken), _) => Ok(spoken.clone()),
        (None, Origin::Form) => Ok(lang.clone()),
        (None, Origin::Api) => Err(Fault::NotOffered(
            spoken
                .iter()
                .map(Lang::as_str)
                .collect::<Vec<_>>()
                .join(", "),
        )),
    }
}

fn zone(fields: &Fields, origin: Origin) -> Result<Option<String>, Fault> {
    let Some(text) = fields.given("zone") else {
        return Ok(None);
    };
    match (Zone::new(text), origin) {
        (Ok(zone), _) => Ok(Some(zone.name().to_owned())),
        (Err(_), Origin::Form) => Ok(None),
        (Err(_), Origin::Api) => Err(Fault::UnknownZone),
    }
}

#[cfg(test)]
mod tests;
