//! What the policy would like to know besides: the service, and what it asks for. Nothing of it is ever required.

use policy::{Ask, Lang, Policy, ServiceId};

use super::{limits, line};
use crate::fields::Fields;
use crate::texts::Fault;

/// The field of the service.
pub(crate) const SERVICE: &str = "service";

/// What the names of the other fields begin with; the id of what is asked follows.
pub(crate) const PREFIX: &str = "ask-";

/// The name of a field.
pub(crate) fn name(ask: &Ask) -> String {
    format!("{PREFIX}{}", ask.id)
}

/// How a field is named to a customer.
pub(crate) fn label<'a>(ask: &'a Ask, lang: &Lang) -> &'a str {
    let label = ask.labels.get(lang).or_else(|| ask.labels.values().next());
    label.map_or(ask.id.as_str(), String::as_str)
}

/// The names of all fields that this policy adds.
pub(super) fn names(policy: &Policy) -> Vec<String> {
    let terms = policy.terms();
    let service = (!terms.services.is_empty()).then(|| SERVICE.to_owned());
    terms.asks.iter().map(name).chain(service).collect()
}

/// The service chosen, if one was.
pub(super) fn service(fields: &Fields, policy: &Policy) -> Result<Option<ServiceId>, Fault> {
    let Some(text) = fields.given(SERVICE) else {
        return Ok(None);
    };
    let services = &policy.terms().services;
    if let Some(service) = services.iter().find(|service| service.id.as_str() == text) {
        return Ok(Some(service.id.clone()));
    }
    let offered: Vec<&str> = services.iter().map(|it| it.id.as_str()).collect();
    Err(Fault::NotOffered(offered.join(", ")))
}

/// What was told of what the policy asks, each a line.
pub(super) fn given<'p>(
    fields: &Fields,
    policy: &'p Policy,
    keep: &mut impl FnMut(&str, Fault),
) -> Vec<(&'p Ask, String)> {
    let mut all = Vec::new();
    for ask in &policy.terms().asks {
        let name = name(ask);
        match line(fields, &name, limits::SUBJECT) {
            Ok(value) if value.is_empty() => {}
            Ok(value) => all.push((ask, value)),
            Err(fault) => keep(&name, fault),
        }
    }
    all
}

/// The message with what was told below it, each after its label: so do agents read it, and so is it known to be told.
pub(super) fn told(message: String, given: &[(&Ask, String)], lang: &Lang) -> String {
    if given.is_empty() {
        return message;
    }
    let lines: Vec<String> = given
        .iter()
        .map(|(ask, value)| format!("{}: {value}", label(ask, lang)))
        .collect();
    format!("{message}\n\n{}", lines.join("\n"))
}
