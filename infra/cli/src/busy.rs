//! `troth busy`: times in which the desk has more to do than usual, as the policy's promises may name them.

use crate::say::say;
use std::env;

use jiff::Timestamp;
use policy::{Lang, Zone};
use store::{Busy, BusyUntil, Store};

use crate::connection::{self, Flags, Stack};
use crate::text;

/// Say that the desk is busy, that it no longer is, or show what was said
///
/// Customers read it on the form and on their pages. Which promises it changes stands in the policy, and only for tickets
/// received while it lasts: a clock that runs is never lengthened. Functions know of it within a minute.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Declare a busy time from now on; one that lasts is replaced
    On {
        /// When it ends, such as 2026-11-23T18:00:00+11:00
        #[arg(long)]
        until: Timestamp,
        /// Why, in a sentence that customers can read; once more as LANG=TEXT for each other language of the policy
        #[arg(long = "reason", value_name = "[LANG=]TEXT", required = true, value_parser = reason)]
        reasons: Vec<(Option<Lang>, String)>,
        /// Who says so; the name of this account if left out
        #[arg(long, value_name = "WHO")]
        by: Option<String>,
    },
    /// End the busy time now
    Off {
        /// Who says so; the name of this account if left out
        #[arg(long, value_name = "WHO")]
        by: Option<String>,
    },
}

/// Why nothing was declared or shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error("--until {until} has passed: it is {now}")]
    Over { until: Timestamp, now: Timestamp },
    #[error("--reason is empty: write a sentence that customers can read")]
    NoReason,
    #[error("give one --reason without a language in front: it is read by whoever has no other")]
    NoCommonReason,
    #[error("nobody is named: give --by, such as --by \"duty manager\"")]
    Nobody,
    #[error("the desk is not busy: nothing was declared that lasts now")]
    NotBusy,
}

connection::takes_store_errors!(Error);

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    let now = stack.now()?;
    // What the table keeps: whole milliseconds.
    let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    let said = connection::wait(answer(args, &stack.store, now))??;
    say(said);
    Ok(())
}

async fn answer(args: &Args, store: &Store, now: Timestamp) -> Result<String, Error> {
    match &args.command {
        None => {
            let policy = store
                .nearest_policy(now)
                .await?
                .ok_or(connection::Error::NoPolicy)?;
            Ok(shown(&store.busy_times().await?, now, &policy.terms().zone))
        }
        Some(Command::On { until, reasons, by }) => {
            if reasons.iter().any(|(_, text)| text.is_empty()) {
                return Err(Error::NoReason);
            }
            let common = reasons.iter().filter(|(lang, _)| lang.is_none());
            let [(_, common)] = common.collect::<Vec<_>>()[..] else {
                return Err(Error::NoCommonReason);
            };
            let of_language = |(lang, text): &(Option<Lang>, String)| {
                lang.clone().map(|lang| (lang, text.clone()))
            };
            let busy = Busy {
                from: now,
                until: *until,
                reason: common.clone(),
                reasons: reasons.iter().filter_map(of_language).collect(),
                by: who(by.as_deref())?,
                ended: None,
            };
            if busy.until <= now {
                return Err(Error::Over { until: *until, now });
            }
            store.declare_busy(&busy).await?;
            Ok(format!(
                "busy until {until}; every function knows within a minute\n"
            ))
        }
        Some(Command::Off { by }) => match store.end_busy(now, &who(by.as_deref())?).await? {
            BusyUntil::Ended(busy) => Ok(format!(
                "no longer busy; it was declared until {}\n",
                busy.until
            )),
            BusyUntil::NotBusy => Err(Error::NotBusy),
        },
    }
}

/// `de=Sturm über der Küste`, or a text for everybody.
#[expect(clippy::unnecessary_wraps, reason = "the shape that clap asks for")]
fn reason(text: &str) -> Result<(Option<Lang>, String), std::convert::Infallible> {
    let of_language = text.split_once('=').and_then(|(lang, text)| {
        let lang = lang.trim();
        let is_code = lang.len() == 2 && lang.bytes().all(|byte| byte.is_ascii_lowercase());
        Some((lang.parse().ok().filter(|_| is_code)?, text))
    });
    Ok(match of_language {
        Some((lang, text)) => (Some(lang), text.trim().to_owned()),
        None => (None, text.trim().to_owned()),
    })
}

/// Who gives an order on the command line: as said, else the name of this account.
pub(crate) fn who(by: Option<&str>) -> Result<String, Error> {
    let account = || env::var("USER").or_else(|_| env::var("USERNAME")).ok();
    let who = by.map(str::to_owned).or_else(account);
    let who = who.map(|who| who.trim().to_owned());
    who.filter(|who| !who.is_empty()).ok_or(Error::Nobody)
}

/// Whether the desk is busy, then everything that was declared, the newest first.
fn shown(times: &[Busy], now: Timestamp, zone: &Zone) -> String {
    let mut out = match times.iter().find(|busy| busy.lasts_at(now)) {
        Some(busy) => format!("busy until {}\n", text::time(busy.end(), zone)),
        None => "not busy\n".to_owned(),
    };
    let lines: Vec<[String; 4]> = times
        .iter()
        .rev()
        .map(|busy| {
            let ended = busy.ended.as_ref().map_or_else(String::new, |(_, who)| {
                format!(" (ended by {})", text::line(who))
            });
            [
                text::time(busy.from, zone),
                format!("to {}{ended}", text::time(busy.end(), zone)),
                format!("by {}", text::line(&busy.by)),
                text::line(&busy.reason),
            ]
        })
        .collect();
    let heading = format!("Declared, in {} time", zone.name());
    out.push_str(&text::section(&heading, &text::columns(&lines)));
    out
}
