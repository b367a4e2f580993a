//! The form: rendered from the policy, with what it promises for each choice.

use std::fmt::Write as _;

use jiff::Timestamp;
use maud::{Markup, PreEscaped, html};
use policy::{Department, DepartmentId, TicketType};
use runtime::http::Answer;

use super::{Frame, beside, described_by, in_language, is_faulty, promises, summary};
use crate::fields::{FieldFault, Fields};
use crate::promised;
use crate::submission::{TYPES, limits};
use crate::visit::Visit;

/// A department (none for "I am not sure") and a type.
type Choice<'a> = (Option<&'a DepartmentId>, TicketType);

/// The form as it is to be shown.
pub(crate) struct FormPage<'a> {
    /// Language, words and policy.
    pub(crate) visit: &'a Visit,
    /// What was filled in before, or chosen by the link that led here.
    pub(crate) filled: &'a Fields,
    /// What is wrong with it.
    pub(crate) faults: &'a [FieldFault],
    /// Whether it was sent before with other words.
    pub(crate) sent_before: bool,
    /// Makes sending twice the same as once.
    pub(crate) nonce: &'a str,
    /// The instant that the shown times start from.
    pub(crate) now: Timestamp,
}

impl FormPage<'_> {
    /// Renders the page; 422 when there is something to correct.
    pub(crate) fn answer(&self) -> Answer {
        let texts = self.visit.texts;
        let wrong = self.sent_before || !self.faults.is_empty();
        let title = if wrong {
            format!("{}: {}", texts.error_prefix, texts.form_title)
        } else {
            texts.form_title.to_owned()
        };
        let switch = |lang: &policy::Lang| in_language(&self.chosen_path(), lang);
        let style = self.style();
        let frame = Frame {
            status: if wrong { 422 } else { 200 },
            title: &title,
            switch: &switch,
            style: &style,
            wants_zone: true,
        };
        frame.page(self.visit, &self.main())
    }

    fn main(&self) -> Markup {
        let texts = self.visit.texts;
        html! {
            h1 { (texts.form_title) }
            @if self.sent_before {
                (summary(texts.sent_before, texts, &[], &|_| String::new()))
            } @else if !self.faults.is_empty() {
                (summary(texts.faults_title, texts, self.faults, &|field| self.label(field)))
            }
            p { (texts.form_intro) }
            form method="post" action="/tickets" accept-charset="utf-8" novalidate {
                (self.text("email", "email", texts.email, Some(texts.email_hint), "email", 254))
                (self.text("text", "name", texts.name, None, "name", limits::NAME))
                (self.types())
                (self.departments())
                (self.services())
                (self.text("text", "subject", texts.subject, None, "off", limits::SUBJECT))
                (message_field(self.visit, "message", self.filled.raw("message"), self.faults))
                (self.asks())
                input type="hidden" name="lang" value=(self.visit.lang);
                input type="hidden" name="zone" value=(self.filled.raw("zone"));
                input type="hidden" name="nonce" value=(self.nonce);
                (self.promises())
                p { button type="submit" { (texts.send) } }
            }
        }
    }

    fn text(
        &self,
        kind: &str,
        name: &str,
        label: &str,
        hint: Option<&str>,
        complete: &str,
        most: usize,
    ) -> Markup {
        let optional = name == "name";
        html! {
            div.field {
                label for=(name) { (label) @if optional { " " (self.visit.texts.optional) } }
                @if let Some(hint) = hint { p.hint #{ (name) "-hint" } { (hint) } }
                (beside(self.visit.texts, name, self.faults))
                input #(name) type=(kind) name=(name) value=(self.filled.raw(name)) autocomplete=(complete)
                    maxlength=(most) required[!optional]
                    aria-describedby=[described_by(name, hint.is_some(), self.faults)]
                    aria-invalid=[is_faulty(name, self.faults).then_some("true")];
            }
        }
    }

    fn types(&self) -> Markup {
        let choices = TYPES.map(|offered| {
            (
                offered.as_str().to_owned(),
                (self.visit.texts.ticket_type)(offered).to_owned(),
            )
        });
        self.choice(
            "type",
            self.visit.texts.type_question,
            &choices,
            self.chosen().1.as_str(),
        )
    }

    fn departments(&self) -> Markup {
        let named = self
            .offered()
            .map(|it| (it.id.to_string(), it.name(&self.visit.lang).to_owned()));
        let unsure = (String::new(), self.visit.texts.unsure.to_owned());
        let choices: Vec<_> = named.chain([unsure]).collect();
        let chosen = self.chosen().0.map_or("", DepartmentId::as_str);
        self.choice(
            "department",
            self.visit.texts.department_question,
            &choices,
            chosen,
        )
    }

    pub(super) fn choice(
        &self,
        name: &str,
        question: &str,
        choices: &[(String, String)],
        chosen: &str,
    ) -> Markup {
        html! {
            fieldset #(name) aria-describedby=[described_by(name, false, self.faults)] {
                legend { (question) }
                (beside(self.visit.texts, name, self.faults))
                @for (value, label) in choices {
                    div.choice {
                        input #{ (name) "-" (value) } type="radio" name=(name) value=(value) checked[value == chosen];
                        label for={ (name) "-" (value) } { (label) }
                    }
                }
            }
        }
    }

    /// Every choice's promises. Styles show the chosen one; where they cannot, all are read, each under its choice.
    fn promises(&self) -> Markup {
        let texts = self.visit.texts;
        html! {
            section.panel aria-labelledby="promises" aria-live="polite" {
                h2 #promises { (texts.promises_title) }
                p { (texts.promises_intro) }
                @for choice in self.choices() {
                    div.promise #(block(choice)) {
                        h3 { (self.named(choice)) }
                        (promises::preview(self.visit, &self.promised(choice)))
                    }
                }
            }
        }
    }

    fn promised(&self, (department, ticket_type): Choice<'_>) -> Vec<promised::Promised> {
        promised::before_sending(self.visit, department, ticket_type, self.now)
    }

    fn named(&self, (department, ticket_type): Choice<'_>) -> String {
        let name = department
            .and_then(|id| self.visit.policy.department(id))
            .map(|it| it.name(&self.visit.lang));
        format!(
            "{} – {}",
            (self.visit.texts.ticket_type)(ticket_type),
            name.unwrap_or(self.visit.texts.unsure)
        )
    }

    /// Shows one block, the one whose two radio buttons are checked.
    fn style(&self) -> String {
        let mut style = String::from("@supports selector(:has(*)){.promise{display:none}\n");
        for (department, ticket_type) in self.choices() {
            let department_id = department.map_or("", DepartmentId::as_str);
            // Ids are a-z, 0-9 and hyphens, so they need no escaping. Writing to a string cannot fail.
            let _ = writeln!(
                style,
                "form:has(#department-{department_id}:checked):has(#type-{ticket_type}:checked) #{}{{display:block}}",
                block((department, ticket_type)),
            );
        }
        style.push('}');
        style
    }

    fn offered(&self) -> impl Iterator<Item = &Department> {
        self.visit
            .policy
            .terms()
            .departments
            .iter()
            .filter(|department| department.on_form)
    }

    fn choices(&self) -> impl Iterator<Item = Choice<'_>> {
        let departments = self
            .offered()
            .map(|department| Some(&department.id))
            .chain([None]);
        departments.flat_map(|department| TYPES.map(|ticket_type| (department, ticket_type)))
    }

    /// What is checked; "not sure" and a request unless something else is filled in.
    fn chosen(&self) -> Choice<'_> {
        let (department, ticket_type) = (self.filled.raw("department"), self.filled.raw("type"));
        let department = self
            .offered()
            .map(|it| &it.id)
            .find(|id| id.as_str() == department);
        let ticket_type = TYPES
            .iter()
            .copied()
            .find(|offered| offered.as_str() == ticket_type);
        (department, ticket_type.unwrap_or(TicketType::Request))
    }

    fn chosen_path(&self) -> String {
        let (department, ticket_type) = self.chosen();
        format!(
            "/?department={}&type={ticket_type}",
            department.map_or("", DepartmentId::as_str)
        )
    }

    fn label(&self, field: &str) -> String {
        let texts = self.visit.texts;
        let label = match field {
            "email" => texts.email,
            "name" => texts.name,
            "subject" => texts.subject,
            "message" => texts.message,
            "department" => texts.department_question,
            "type" => texts.type_question,
            other => return self.asked_label(other),
        };
        label.to_owned()
    }
}

fn block((department, ticket_type): Choice<'_>) -> String {
    format!(
        "p-{}-{ticket_type}",
        department.map_or("", DepartmentId::as_str)
    )
}

/// The field for longer text; also on the ticket's page.
pub(super) fn message_field(
    visit: &Visit,
    name: &str,
    filled: &str,
    faults: &[FieldFault],
) -> Markup {
    html! {
        div.field {
            label for=(name) { (visit.texts.message) }
            p.hint #{ (name) "-hint" } { (visit.texts.message_hint) }
            (beside(visit.texts, name, faults))
            // A line break right after the tag is not part of the text, so that one keeps the text's own first one.
            textarea #(name) name=(name) maxlength=(limits::MESSAGE) rows="10" required
                aria-describedby=[described_by(name, true, faults)]
                aria-invalid=[is_faulty(name, faults).then_some("true")] { (PreEscaped("\n")) (filled) }
        }
    }
}
