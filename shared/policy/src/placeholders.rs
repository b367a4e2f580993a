//! What the braces of a page stand for.

use std::collections::BTreeMap;

use crate::amounts::Period;
use crate::calendar::Calendar;
use crate::id::Lang;
use crate::page::{expected_of, target_of};
use crate::policy::Policy;

type Values = BTreeMap<String, String>;

impl Policy {
    /// Everything a page may name, in the words of its language.
    pub(crate) fn values(&self, lang: &Lang) -> BTreeMap<String, String> {
        let terms = self.terms();
        let company = &terms.company;
        let languages: Vec<_> = terms.languages.iter().map(Lang::name).collect();
        let mut values = BTreeMap::from([
            ("company.name".to_owned(), company.name.clone()),
            ("company.address".to_owned(), company.address.clone()),
            (
                "company.privacy_url".to_owned(),
                company.privacy_url.clone(),
            ),
            ("addresses".to_owned(), terms.addresses.join(", ")),
            ("languages".to_owned(), languages.join(", ")),
            ("prevailing".to_owned(), terms.prevailing.name().to_owned()),
            ("version".to_owned(), self.hash().to_string()),
            ("zone".to_owned(), terms.zone.to_string()),
        ]);
        self.department_values(lang, &mut values);
        self.promise_values(lang, &mut values);
        self.customer_values(lang, &mut values);
        for (id, calendar) in &terms.calendars {
            values.insert(format!("calendar.{id}.hours"), calendar.hours_text(lang));
            values.insert(format!("calendar.{id}.closed"), calendar.closed_text(lang));
            values.insert(format!("calendar.{id}.days"), calendar.days_text(lang));
            values.insert(format!("calendar.{id}.zone"), calendar.zone.to_string());
        }
        values
    }

    fn department_values(&self, lang: &Lang, values: &mut Values) {
        let hours = |id| match self.calendar(id) {
            Some(calendar) => calendar.hours_text(lang),
            None => Calendar::always(self.terms().zone.clone()).hours_text(lang),
        };
        for department in &self.terms().departments {
            let id = &department.id;
            let name = department.name(lang).to_owned();
            values.insert(format!("department.{id}.name"), name);
            values.insert(
                format!("department.{id}.addresses"),
                department.addresses.join(", "),
            );
            values.insert(
                format!("department.{id}.hours"),
                hours(&department.calendar),
            );
            for (line, calendar) in &department.channels {
                values.insert(format!("department.{id}.{line}.hours"), hours(calendar));
            }
        }
    }

    fn promise_values(&self, lang: &Lang, values: &mut Values) {
        for promise in &self.terms().promises {
            let (id, phrase) = (&promise.id, promise.strength.text(lang));
            values.insert(target_of(id), promise.target.text(lang));
            values.insert(format!("promise.{id}.strength"), phrase.to_owned());
            values.insert(format!("promise.{id}.Strength"), capitalised(phrase));
            if let Some(expected) = &promise.expected {
                values.insert(expected_of(id), expected.text(lang));
            }
        }
    }

    fn customer_values(&self, lang: &Lang, values: &mut Values) {
        let terms = self.terms();
        let services = terms
            .services
            .iter()
            .map(|it| format!("- {}", said(&it.names, lang)));
        values.insert(
            "services".to_owned(),
            services.collect::<Vec<_>>().join("\n"),
        );
        for service in &terms.services {
            values.insert(
                format!("service.{}.name", service.id),
                said(&service.names, lang).to_owned(),
            );
        }
        for scope in &terms.scope {
            values.insert(
                format!("scope.{}.text", scope.id),
                said(&scope.texts, lang).to_owned(),
            );
        }
        let announced = Period::of_days(terms.closures.announce_days).text(lang);
        values.insert("closures.announce".to_owned(), announced);
        let kept = [
            ("closed_tickets", terms.retention.closed_tickets),
            ("raw_mail", terms.retention.raw_mail),
            ("filed_mail", terms.retention.filed_mail),
        ];
        for (what, period) in kept {
            if let Some(period) = period {
                values.insert(format!("retention.{what}"), period.text(lang));
            }
        }
        if let Some(escalation) = &terms.complaint_escalation {
            let subject = escalation.subject.clone();
            values.insert("complaint_escalation.subject".to_owned(), subject);
            let within = escalation.within.target().text(lang);
            values.insert("complaint_escalation.within".to_owned(), within);
        }
        if let Some(feedback) = &terms.feedback {
            values.insert(
                "feedback.addresses".to_owned(),
                feedback.addresses.join(", "),
            );
        }
    }
}

/// The text in this language; checked policies have one in each that they speak.
fn said<'t>(texts: &'t BTreeMap<Lang, String>, lang: &Lang) -> &'t str {
    texts
        .get(lang)
        .or_else(|| texts.values().next())
        .map_or("", String::as_str)
}

fn capitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
