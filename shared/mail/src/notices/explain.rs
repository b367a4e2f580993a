//! Why a deadline is when it is, and what comes next, in words: for mails, pages and the command line alike.

use policy::{Lang, Policy, Why};
use ticket::{Addressee, Coming, Event, Explanation, Notice, Passage, span_text, time_text};

use super::texts::{self, ExplainTexts, Texts};
use crate::outbound::Block;

/// A deadline from the start of its clock to its end: each stretch, and why it counts or not.
pub fn explained(explanation: &Explanation, lang: &Lang) -> Vec<Block> {
    let texts = texts::of(lang);
    let said = Said {
        explanation,
        lang,
        texts: &texts.explain,
    };
    let metric = (texts.staff.metric_word)(explanation.metric);
    let mut facts = said.promise();
    facts.extend(said.stretches());
    facts.push(said.result());
    let kept = explanation.met_at.map(|at| said.time(at));
    facts.extend(kept.map(|kept| fact(said.texts.kept, kept)));
    vec![Block::Paragraph(metric.to_owned()), Block::Facts(facts)]
}

/// The same in one line, for a mail about something else.
pub(super) fn in_short(explanation: &Explanation, lang: &Lang) -> (String, String) {
    let texts = &texts::of(lang).explain;
    let said = Said {
        explanation,
        lang,
        texts,
    };
    let counted = said.length(explanation.counted);
    let mut text = (texts.short)(&said.time(explanation.start), &counted);
    let skipped = said.skipped();
    if !skipped.is_empty() {
        text = format!("{text}; {}", (texts.skipped)(&skipped.join(", ")));
    }
    fact(texts.why, text)
}

fn fact(label: &str, value: String) -> (String, String) {
    (label.to_owned(), value)
}

struct Said<'a> {
    explanation: &'a Explanation,
    lang: &'a Lang,
    texts: &'static ExplainTexts,
}

impl Said<'_> {
    fn promise(&self) -> Vec<(String, String)> {
        let Self {
            explanation, texts, ..
        } = self;
        let mut facts = vec![fact(texts.target, explanation.target.text(self.lang))];
        let clause = explanation.clause.clone();
        facts.extend(clause.map(|clause| fact(texts.clause, clause)));
        facts.push(fact(texts.version, explanation.policy.to_string()));
        facts.push(fact(texts.zone, explanation.zone.clone()));
        facts.push(fact(texts.start, self.time(explanation.start)));
        facts
    }

    fn stretches(&self) -> Vec<(String, String)> {
        let mut so_far = 0;
        let row = |passage: &Passage| {
            let stretch = &passage.stretch;
            let span = span_text(
                stretch.from,
                stretch.until,
                &self.explanation.zone,
                self.lang,
            );
            if stretch.why == Why::Counted {
                so_far += stretch.seconds();
            }
            (span, self.reason(passage, so_far))
        };
        self.explanation.stretches.iter().map(row).collect()
    }

    fn reason(&self, passage: &Passage, so_far: i64) -> String {
        let texts = self.texts;
        match &passage.stretch.why {
            Why::Counted => {
                let length = self.length(passage.stretch.seconds());
                (texts.counts)(&length, &self.length(so_far))
            }
            Why::Closed => texts.closed.to_owned(),
            Why::ShortDay => texts.short_day.to_owned(),
            Why::Holiday { name, of: 1, .. } => (texts.holiday)(name),
            Why::Holiday { name, day, of } => (texts.holiday)(&(texts.day_of)(name, *day, *of)),
            Why::Paused => (texts.paused)(passage.status).to_owned(),
        }
    }

    /// Each reason once, in the order of time.
    fn skipped(&self) -> Vec<String> {
        let texts = self.texts;
        let mut reasons: Vec<String> = Vec::new();
        for passage in &self.explanation.stretches {
            let reason = match &passage.stretch.why {
                Why::Counted => continue,
                Why::Closed | Why::ShortDay => texts.closed_hours.to_owned(),
                Why::Holiday { name, .. } => name.clone(),
                Why::Paused => (texts.paused)(passage.status).to_owned(),
            };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    fn result(&self) -> (String, String) {
        let (texts, explanation) = (self.texts, self.explanation);
        let said = match (explanation.due, explanation.derived) {
            (Some(due), Some(derived)) if due < derived => {
                let why = (texts.promised_before)(&self.time(derived));
                format!("{} ({why})", self.time(due))
            }
            (Some(due), Some(derived)) if due > derived => {
                let why = (texts.grace)(&self.time(derived));
                format!("{} ({why})", self.time(due))
            }
            (Some(due), _) if explanation.in_order.is_some() => {
                format!("{} ({})", self.time(due), texts.in_order)
            }
            (Some(due), _) => self.time(due),
            (None, _) => texts.no_due.to_owned(),
        };
        fact(texts.due, said)
    }

    fn time(&self, at: jiff::Timestamp) -> String {
        time_text(at, &self.explanation.zone, self.lang)
    }

    fn length(&self, seconds: i64) -> String {
        (self.texts.length)(seconds / 3_600, seconds / 60 % 60, seconds % 60)
    }
}

/// What happens next if nobody acts: an instant a row, with what is recorded and whom it is mailed to.
pub fn steps(steps: &[Coming], policy: &Policy, lang: &Lang) -> Vec<(String, String)> {
    let texts = texts::of(lang);
    let zone = policy.terms().zone.name();
    let row = |step: &Coming| {
        let said = happens(step, policy, texts, lang);
        (time_text(step.at, zone, lang), said)
    };
    steps.iter().map(row).collect()
}

/// The rows of [`steps`] under their heading, or that there are none.
pub fn coming(steps: Vec<(String, String)>, lang: &Lang) -> Vec<Block> {
    let texts = &texts::of(lang).explain;
    let heading = Block::Paragraph(texts.next.to_owned());
    let body = if steps.is_empty() {
        Block::Paragraph(texts.nothing_next.to_owned())
    } else {
        Block::Facts(steps)
    };
    vec![heading, body]
}

fn happens(step: &Coming, policy: &Policy, texts: &Texts, lang: &Lang) -> String {
    let events = step.events.iter();
    let mut said: Vec<String> = events
        .filter_map(|event| event_text(event, policy, texts, lang))
        .collect();
    let mut names: Vec<&str> = Vec::new();
    for Notice { to, .. } in &step.notices {
        let name = match to {
            Addressee::Customer(_) => texts.staff.customer,
            Addressee::Address(address) => address,
            Addressee::Staff(id) => policy.person(id).map_or(id.as_ref(), |person| &person.name),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if !names.is_empty() {
        said.push((texts.explain.mail_to)(&names.join(", ")));
    }
    said.join("; ")
}

fn event_text(event: &Event, policy: &Policy, texts: &Texts, lang: &Lang) -> Option<String> {
    let words = &texts.explain;
    let metric = |metric| (texts.staff.metric_word)(metric);
    match event {
        Event::LevelTold {
            metric: of, levels, ..
        } => {
            let levels: Vec<&str> = levels.iter().map(AsRef::as_ref).collect();
            Some((words.level)(metric(*of), &levels.join(", ")))
        }
        Event::PromiseMissed { promise, .. } => {
            let promise = policy.promise(promise)?;
            Some((words.missed)(metric(promise.metric)))
        }
        Event::PriorityChanged { to, .. } => Some((words.raised)((texts.staff.priority_word)(*to))),
        Event::DepartmentChanged { to, .. } => {
            let department = policy.department(to)?;
            Some((words.moved)(department.name(lang)))
        }
        Event::HandedOver { to } => Some((words.tier)(*to)),
        _ => None,
    }
}
