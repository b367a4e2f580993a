//! `troth explain`: why each deadline of a ticket is when it is, and what comes next if nobody acts.

use crate::say::say;
use jiff::{SignedDuration, Timestamp};
use mail::notices::{coming, explained, steps};
use mail::{Block, Page};
use policy::{Lang, Metric, Policy};
use serde_json::{Value, json};
use store::{Store, Stored};
use ticket::{Explanation, clocks, explain, forward};

use crate::connection::{self, Flags, Stack};
use crate::text;
use crate::tickets::show::merged;
use crate::tickets::{Error, find};

/// Explain the deadlines of a ticket, and what happens next if nobody acts
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The ticket's number, such as EH-7K3Q-9M2X
    #[arg(required_unless_present = "desk", conflicts_with = "desk")]
    number: Option<String>,
    /// One metric only: acknowledge, `first_response`, `next_response`, update or resolution
    metric: Option<Metric>,
    /// What happens next on all tickets, in order of time
    #[arg(long)]
    desk: bool,
    /// One JSON object instead of text
    #[arg(long, conflicts_with = "html")]
    json: bool,
    /// An HTML page instead of text
    #[arg(long)]
    html: bool,
    /// The language; the policy's first if left out
    #[arg(long)]
    lang: Option<Lang>,
    /// How many days to look ahead
    #[arg(long, default_value_t = 30)]
    days: i64,
    /// The instant to look from, such as 2026-11-23T00:00:00Z; now if left out
    #[arg(long)]
    at: Option<Timestamp>,
}

/// Prints what was asked for.
pub(crate) fn run(args: &Args, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    let now = args.at.map_or_else(|| stack.now(), Ok)?;
    let said = connection::wait(answer(args, &stack.store, now))??;
    say(said);
    Ok(())
}

async fn answer(args: &Args, store: &Store, now: Timestamp) -> Result<String, Error> {
    let ahead = SignedDuration::from_hours(24 * args.days.clamp(0, 3_660));
    let view = View {
        args,
        now,
        until: now.checked_add(ahead).unwrap_or(Timestamp::MAX),
    };
    match &args.number {
        Some(number) => Ok(view.ticket(&find(store, number).await?)),
        None => view.desk(store).await,
    }
}

struct View<'a> {
    args: &'a Args,
    now: Timestamp,
    until: Timestamp,
}

impl View<'_> {
    fn ticket(&self, stored: &Stored) -> String {
        let Stored { ticket, policy, .. } = stored;
        let wanted = |explanation: &Explanation| {
            let metric = self.args.metric;
            metric.is_none_or(|metric| metric == explanation.metric)
        };
        let explanations: Vec<Explanation> = clocks(ticket, policy)
            .iter()
            .map(|clock| explain(ticket, policy, clock, self.now))
            .filter(wanted)
            .collect();
        let next = forward(ticket, policy, self.now, self.until);
        let number = ticket.id.number(&policy.terms().prefix);
        if self.args.json {
            let into = ticket.merged_into;
            let into = into.map(|id| id.number(&policy.terms().prefix));
            return text::json(
                &json!({ "number": number, "merged_into": into, "deadlines": explanations, "next": next }),
            );
        }
        let lang = self.lang(policy);
        let merged = merged(ticket, &policy.terms().prefix);
        let merged = merged.into_iter().map(|[name, number]| (name, number));
        let merged: Vec<(String, String)> = merged.collect();
        let mut blocks = Vec::new();
        if !merged.is_empty() {
            blocks.push(Block::Facts(merged));
        }
        let deadlines = explanations.iter();
        blocks.extend(deadlines.flat_map(|explanation| explained(explanation, lang)));
        let rows = steps(&next, policy, lang);
        blocks.extend(coming(rows, lang));
        self.page(lang, &number, blocks)
    }

    /// The steps of all tickets, in order of time.
    async fn desk(&self, store: &Store) -> Result<String, Error> {
        let current = store.nearest_policy(self.now).await?;
        let current = current.ok_or(connection::Error::NoPolicy)?;
        let lang = self.lang(&current);
        let mut all: Vec<(Timestamp, Value, (String, String))> = Vec::new();
        for listed in store.tickets(&current).await? {
            let policy = store.policy(&listed.ticket.policy).await?;
            let number = listed.ticket.id.number(&policy.terms().prefix);
            let next = forward(&listed.ticket, &policy, self.now, self.until);
            let rows = steps(&next, &policy, lang);
            for (step, (time, said)) in next.iter().zip(rows) {
                let value = json!({ "number": number, "step": step });
                all.push((step.at, value, (time, format!("{number}: {said}"))));
            }
        }
        all.sort_by_key(|(at, ..)| *at);
        if self.args.json {
            let values = all.into_iter().map(|(_, value, _)| value).collect();
            return Ok(text::json(&values));
        }
        let rows = all.into_iter().map(|(.., row)| row).collect();
        let company = &current.terms().company.name;
        Ok(self.page(lang, company, coming(rows, lang)))
    }

    fn lang<'l>(&'l self, policy: &'l Policy) -> &'l Lang {
        policy.language(&self.args.lang)
    }

    fn page(&self, lang: &Lang, title: &str, blocks: Vec<Block>) -> String {
        let page = Page {
            blocks,
            ..Page::new(lang.as_str(), title)
        };
        if self.args.html {
            page.html()
        } else {
            format!("{title}\n\n{}", page.text())
        }
    }
}
