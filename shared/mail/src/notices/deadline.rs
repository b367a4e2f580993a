//! The clocks of a ticket as staff read them.

use policy::{Level, Promise};
use ticket::{Clock, Deadline, Step};

use super::texts::{StaffTexts, point_text};
use super::{NoticeView, Unsayable, explain};

/// Every promise that is running, one a line: what, until when, how much time it allowed.
pub(super) fn running(view: &NoticeView<'_>, texts: &StaffTexts) -> Vec<(String, String)> {
    ticket::clocks(view.ticket, view.policy)
        .iter()
        .filter(|clock| clock.running)
        .map(|clock| line(view, texts, clock))
        .collect()
}

fn line(view: &NoticeView<'_>, texts: &StaffTexts, clock: &Clock<'_>) -> (String, String) {
    let promise = clock.promise;
    let mut value = clock.due.map_or_else(String::new, |due| view.time(due));
    if clock.missed || clock.due.is_some_and(|due| due <= view.now) {
        value = format!("{value}, {}", texts.missed);
    }
    if !promise.published {
        value = format!("{value}, {}", texts.internal);
    }
    ((texts.metric_word)(promise.metric).to_owned(), value)
}

/// What a warning or a breach is about: promise, clause, target, deadline, level and what comes next.
pub(super) fn facts(
    view: &NoticeView<'_>,
    texts: &StaffTexts,
    deadline: &Deadline,
) -> Result<Vec<(String, String)>, Unsayable> {
    let promise = view
        .policy
        .promise(&deadline.promise)
        .ok_or(Unsayable::UnknownPromise)?;
    let clocks = ticket::clocks(view.ticket, view.policy);
    let clock = clocks
        .iter()
        .find(|clock| clock.promise.id == deadline.promise && clock.cycle == deadline.cycle);
    // The deadline may have moved since the level was reached; what holds now is said.
    let due = clock.and_then(|clock| clock.due).unwrap_or(deadline.due);
    let metric = (texts.metric_word)(promise.metric);
    let fact = |label: &str, value: String| (label.to_owned(), value);
    let mut facts = vec![fact(texts.promise, format!("{metric} ({})", promise.id))];
    facts.extend(
        promise
            .clause
            .clone()
            .map(|clause| fact(texts.clause, clause)),
    );
    facts.push(fact(texts.target, target(view, texts, promise)));
    facts.push(fact(texts.due, view.time(due)));
    let level = deadline.level.as_ref();
    let level = level.and_then(|id| promise.levels.iter().find(|level| level.id == *id));
    facts.extend(level.map(|level| fact(texts.level, named(view, level))));
    facts.extend(clock.map(|clock| {
        let explanation = ticket::explain(view.ticket, view.policy, clock, view.now);
        explain::in_short(&explanation, view.lang())
    }));
    let progress = &super::texts::of(view.lang()).progress;
    let again = deadline.repetition.map(|times| times.to_string());
    facts.extend(again.map(|times| fact(progress.repetition, times)));
    let tier = deadline.tier.map(|tier| tier.as_str().to_owned());
    facts.extend(tier.map(|tier| fact(texts.tier, tier)));
    let next = clock.and_then(|clock| {
        let told = clock.steps.iter().filter(|step| step.tell_at.is_some());
        told.min_by_key(|step| step.tell_at)
    });
    facts.push(fact(texts.next, upcoming(view, texts, next)));
    Ok(facts)
}

fn target(view: &NoticeView<'_>, texts: &StaffTexts, promise: &Promise) -> String {
    let target = promise.target.text(view.lang());
    if promise.published {
        target
    } else {
        format!("{target}, {}", texts.internal)
    }
}

/// A level by its name, and when it is told: `management (150%)`.
fn named(view: &NoticeView<'_>, level: &Level) -> String {
    format!("{} ({})", level.id, point_text(level.at, view.lang()))
}

fn upcoming(view: &NoticeView<'_>, texts: &StaffTexts, next: Option<&Step<'_>>) -> String {
    let Some(step) = next else {
        return texts.last_level.to_owned();
    };
    let to: Vec<&str> = step
        .level
        .to
        .iter()
        .map(|recipient| (texts.recipient_word)(recipient))
        .collect();
    (texts.next_level)(
        &named(view, step.level),
        &view.time(step.tell_at.unwrap_or(step.at)),
        &to.join(", "),
    )
}
