//! The form's fields for what the policy would like to know: the service, and what it asks for.

use maud::{Markup, html};

use super::form::FormPage;
use super::{beside, described_by, is_faulty};
use crate::submission::{asks, limits};

impl FormPage<'_> {
    /// The services to choose from, where the policy has any.
    pub(super) fn services(&self) -> Markup {
        let visit = self.visit;
        let services = &visit.policy.terms().services;
        if services.is_empty() {
            return Markup::default();
        }
        let named = services.iter().map(|service| {
            let name = service.names.get(&visit.lang);
            let name = name.or_else(|| service.names.values().next());
            let name = name.map_or(service.id.as_str(), String::as_str);
            (service.id.to_string(), name.to_owned())
        });
        let unsure = (String::new(), visit.texts.unsure.to_owned());
        let choices: Vec<_> = named.chain([unsure]).collect();
        let chosen = self.filled.raw(asks::SERVICE);
        self.choice(
            asks::SERVICE,
            visit.texts.service_question,
            &choices,
            chosen,
        )
    }

    /// One line for each thing that the policy asks for; none has to be filled in.
    pub(super) fn asks(&self) -> Markup {
        let texts = self.visit.texts;
        html! {
            @for ask in &self.visit.policy.terms().asks {
                @let name = asks::name(ask);
                div.field {
                    label for=(name) { (asks::label(ask, &self.visit.lang)) " " (texts.optional) }
                    (beside(texts, &name, self.faults))
                    input #(name) type="text" name=(name) value=(self.filled.raw(&name)) autocomplete="off"
                        maxlength=(limits::SUBJECT)
                        aria-describedby=[described_by(&name, false, self.faults)]
                        aria-invalid=[is_faulty(&name, self.faults).then_some("true")];
                }
            }
        }
    }

    /// How a field of these is named beside its fault.
    pub(super) fn asked_label(&self, field: &str) -> String {
        if field == asks::SERVICE {
            return self.visit.texts.service_question.to_owned();
        }
        let asked = self.visit.policy.terms().asks.iter();
        let ask = asked.into_iter().find(|ask| asks::name(ask) == field);
        ask.map_or(field, |ask| asks::label(ask, &self.visit.lang))
            .to_owned()
    }
}
