//! What the braces of a page stand for.

use std::collections::BTreeMap;

use crate::amounts::Period;
use crate::calendar::Calendar;
use crate::id::Lang;
use crate::page::{expected_of, target_of, within_of};
use crate::point::Point;
use crate::policy::Policy;
use crate::terms::SECRETS_KEPT_DAYS;

type Values = BTreeMap<String, String>;

impl Policy {
    /// Everything a page may name, in the words of its language.
    pub(crate) fn values(&self, lang: &Lang) -> BTreeMap<String, String> {
        let terms = self.terms();
        let company = &terms.company;
        let languages = terms.languages.iter().map(|it| it.name_in(lang));
        let languages: Vec<_> = languages.collect();
        let mut values = BTreeMap::from([
            ("company.name".to_owned(), company.name.clone()),
            ("company.address".to_owned(), company.address.clone()),
            (
                "company.privacy_url".to_owned(),
                company.privacy_url.clone(),
            ),
            ("addresses".to_owned(), terms.addresses.join(", ")),
            ("languages".to_owned(), languages.join(", ")),
            (
                "prevailing".to_owned(),
                terms.prevailing.name_in(lang).to_owned(),
            ),
            ("prefix".to_owned(), terms.prefix.clone()),
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
            values.insert(within_of(id), promise.target.within_text(lang));
            values.insert(format!("promise.{id}.strength"), phrase.to_owned());
            values.insert(format!("promise.{id}.Strength"), capitalised(phrase));
            if let Some(expected) = &promise.expected {
                values.insert(expected_of(id), expected.text(lang));
            }
            for level in &promise.levels {
                let of_level = |what: &str| format!("promise.{id}.{}.{what}", level.id);
                if let Point::Share(share) = level.at {
                    values.insert(of_level("share"), share_text(share, lang));
                }
                if let Some(repeat) = &level.repeat {
                    values.insert(of_level("every"), repeat.every.text(lang));
                    values.insert(of_level("most"), repeat.most.to_string());
                }
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
        if let Some(conduct) = &terms.conduct {
            let objection = conduct.objection_in(lang).to_owned();
            values.insert("conduct.objection".to_owned(), objection);
            for level in &conduct.levels {
                let of_level = |what: &str| format!("conduct.{}.{what}", level.id);
                values.insert(of_level("name"), level.name(lang).to_owned());
                values.insert(of_level("longest"), level.longest.text(lang));
            }
        }
        if terms.secrets.keep_for_lead {
            let days = SECRETS_KEPT_DAYS.to_string();
            values.insert("secrets.kept_days".to_owned(), days);
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

/// `75%`, as the language sets it; a policy writes whole percents.
fn share_text(per_mille: u32, lang: &Lang) -> String {
    let space = if lang.as_str() == "de" { "\u{a0}" } else { "" };
    format!("{}{space}%", per_mille / 10)
}

fn capitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
