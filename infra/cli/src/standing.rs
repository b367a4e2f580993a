//! `troth standing`: what is still possible for an address whose owner threatened or insulted (clause ON.6).

use crate::say::say;
use std::sync::Arc;

use jiff::Timestamp;
use policy::{Conduct, ConductId, ConductLevel, PersonId, Policy};
use store::{Instants, Once, Standing, Store, TakenBack};
use ticket::{AddressHash, Command as Asked, ContentDigest, Pepper, Ticket, TicketId, Words, mask};

use crate::connection::{self, Flags, Stack};
use crate::text;

/// Show what was decided about the conduct of an address, decide it, or take it back
///
/// What may be decided, by whom and for how long stands in the policy's `[conduct]`. The person is told by mail, with the
/// reason, the end, what is still possible and how to object; it ends by itself.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Show everything that was ever decided about this address
    #[arg(required = true)]
    address: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Decide what is still possible; whatever stands is replaced
    Set {
        /// The address, as it stands on its tickets
        address: String,
        /// A level of the policy's `[conduct]`
        level: ConductId,
        /// Why, in words that the person reads
        #[arg(long)]
        reason: String,
        /// When it ends by itself, such as 2026-12-01T09:00:00+01:00
        #[arg(long)]
        until: Timestamp,
        /// Who decides: an id of the policy's people
        #[arg(long, value_name = "PERSON")]
        by: PersonId,
        /// The ticket on which it happened; the newest of the address if left out
        #[arg(long, value_name = "NUMBER")]
        ticket: Option<String>,
    },
    /// Take back what stands; the person is told
    Lift {
        /// The address
        address: String,
        /// Why, in words that the person reads
        #[arg(long, default_value = "")]
        reason: String,
        /// Who takes it back: an id of the policy's people
        #[arg(long, value_name = "PERSON")]
        by: PersonId,
    },
}

/// Why nothing was decided or shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error(
        "the policy in force has no [conduct]: what may be decided, and by whom, has to be published first"
    )]
    NoRules,
    #[error("`{0}` is not an e-mail address")]
    NotAnAddress(String),
    #[error("the policy has no level `{0}`; use one of {1}")]
    UnknownLevel(ConductId, String),
    #[error("`{0}` may not decide this; the policy's [conduct] names {1}")]
    MayNotDecide(PersonId, String),
    #[error("--reason is empty: write what the person is to read")]
    NoReason,
    #[error("--until {until} has passed: it is {now}")]
    Over { until: Timestamp, now: Timestamp },
    #[error("`{level}` lasts at most {longest}: until {latest}")]
    TooLong {
        level: ConductId,
        longest: String,
        latest: Timestamp,
    },
    #[error("`{0}` is no ticket number")]
    NotANumber(String),
    #[error("the address has no such ticket; name one on which its owner wrote with --ticket")]
    NoTicket,
    #[error("nothing stands about this address")]
    NothingStands,
}

connection::takes_store_errors!(Error);

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    let now = stack.now()?;
    // What the table keeps: whole milliseconds.
    let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    let said = connection::wait(answer(args, &stack, now))??;
    say(said);
    Ok(())
}

async fn answer(args: &Args, stack: &Stack, now: Timestamp) -> Result<String, Error> {
    let policy = stack.store.nearest_policy(now).await?;
    let policy = policy.ok_or(connection::Error::NoPolicy)?;
    let pepper = stack.pepper().await?;
    let desk = Desk {
        store: &stack.store,
        policy,
        pepper,
        now,
    };
    match (&args.command, &args.address) {
        (None, address) => desk.show(address.as_deref().unwrap_or_default()).await,
        (
            Some(Command::Set {
                address,
                level,
                reason,
                until,
                by,
                ticket,
            }),
            _,
        ) => {
            let wanted = Wanted {
                level,
                reason,
                until: *until,
                by,
            };
            desk.set(address, &wanted, ticket.as_deref()).await
        }
        (
            Some(Command::Lift {
                address,
                reason,
                by,
            }),
            _,
        ) => desk.lift(address, reason, by).await,
    }
}

/// What is to be decided.
struct Wanted<'a> {
    level: &'a ConductId,
    reason: &'a str,
    until: Timestamp,
    by: &'a PersonId,
}

struct Desk<'a> {
    store: &'a Store,
    policy: Arc<Policy>,
    pepper: Pepper,
    now: Timestamp,
}

impl Desk<'_> {
    fn who(&self, address: &str) -> Result<AddressHash, Error> {
        let plain =
            mail::normalise(address).ok_or_else(|| Error::NotAnAddress(address.to_owned()))?;
        Ok(AddressHash::of(&self.pepper, &plain))
    }

    fn rules(&self) -> Result<&Conduct, Error> {
        self.policy.terms().conduct.as_ref().ok_or(Error::NoRules)
    }

    fn may(&self, by: &PersonId) -> Result<(), Error> {
        let decides = &self.rules()?.decides;
        if decides.contains(by) {
            return Ok(());
        }
        Err(Error::MayNotDecide(by.clone(), listed(decides)))
    }

    /// The person reads it first, then it counts: killed in between, the command is given again and tells nothing twice.
    async fn set(
        &self,
        address: &str,
        wanted: &Wanted<'_>,
        ticket: Option<&str>,
    ) -> Result<String, Error> {
        let who = self.who(address)?;
        self.may(wanted.by)?;
        self.fits(wanted)?;
        let ticket = self.ticket(&who, ticket).await?;
        let before = self.store.standings(&who).await?.len().to_string();
        let command = Asked::SetStanding {
            by: wanted.by.clone(),
            who: who.clone(),
            level: wanted.level.clone(),
            until: wanted.until,
            words: Words::text(wanted.reason.trim()),
        };
        let until = wanted.until.to_string();
        let key = [who.as_str(), &before, wanted.level.as_str(), &until].join("#");
        let once = once(key);
        let instants = Instants::new(self.now, self.now);
        self.store
            .execute(ticket, &command, instants, Some(once))
            .await?;
        let standing = Standing {
            level: wanted.level.clone(),
            from: self.now,
            until: wanted.until,
            reason: mask(wanted.reason.trim()).0,
            by: wanted.by.clone(),
            ticket,
            ended: None,
        };
        self.store.set_standing(&who, &standing).await?;
        Ok(format!(
            "{} until {}; told on {}\n",
            wanted.level,
            text::time(wanted.until, &self.policy.terms().zone),
            self.number(ticket)
        ))
    }

    fn fits(&self, wanted: &Wanted<'_>) -> Result<(), Error> {
        let (rules, zone) = (self.rules()?, &self.policy.terms().zone);
        let level = rules.level(wanted.level).ok_or_else(|| {
            let known: Vec<&ConductId> = rules.levels.iter().map(|level| &level.id).collect();
            Error::UnknownLevel(wanted.level.clone(), listed(&known))
        })?;
        let (until, now) = (wanted.until, self.now);
        if wanted.reason.trim().is_empty() {
            return Err(Error::NoReason);
        }
        if until <= now {
            return Err(Error::Over { until, now });
        }
        let latest = ConductLevel::latest_end(level, now, zone);
        if until > latest {
            return Err(Error::TooLong {
                level: level.id.clone(),
                longest: level.longest.to_string(),
                latest,
            });
        }
        Ok(())
    }

    /// The ticket on which it happened, if the address takes part in it.
    async fn ticket(&self, who: &AddressHash, number: Option<&str>) -> Result<TicketId, Error> {
        let Some(number) = number else {
            let newest = self.store.tickets_of(who, 1).await?;
            return newest.first().map(|it| it.id).ok_or(Error::NoTicket);
        };
        let id = number.split_once('-').and_then(|(_, id)| id.parse().ok());
        let id = id.or_else(|| number.parse().ok());
        let id: TicketId = id.ok_or_else(|| Error::NotANumber(number.to_owned()))?;
        let stored = self.store.load(id).await?;
        let takes_part = |ticket: &Ticket| ticket.is_participant(who);
        match stored.filter(|stored| takes_part(&stored.ticket)) {
            Some(stored) => Ok(stored.ticket.id),
            None => Err(Error::NoTicket),
        }
    }

    async fn lift(&self, address: &str, reason: &str, by: &PersonId) -> Result<String, Error> {
        let who = self.who(address)?;
        self.may(by)?;
        let standing = self.store.standing(&who, self.now).await?;
        let standing = standing.ok_or(Error::NothingStands)?;
        let command = Asked::LiftStanding {
            by: by.clone(),
            who: who.clone(),
            level: standing.level.clone(),
            words: Words::text(reason.trim()),
        };
        let key = format!("{}#{}#lift", who.as_str(), standing.from);
        let once = once(key);
        let instants = Instants::new(self.now, self.now);
        self.store
            .execute(standing.ticket, &command, instants, Some(once))
            .await?;
        let ended = TakenBack {
            at: self.now,
            by: by.clone(),
            reason: mask(reason.trim()).0,
        };
        self.store.end_standing(&who, &ended).await?;
        let number = self.number(standing.ticket);
        Ok(format!(
            "{} no longer stands; told on {number}\n",
            standing.level
        ))
    }

    /// What stands, then everything that was decided, the newest first.
    async fn show(&self, address: &str) -> Result<String, Error> {
        let all = self.store.standings(&self.who(address)?).await?;
        let zone = &self.policy.terms().zone;
        let mut out = match all.iter().rev().find(|it| it.lasts_at(self.now)) {
            Some(it) => format!("{} until {}\n", it.level, text::time(it.end(), zone)),
            None => "nothing stands\n".to_owned(),
        };
        let lines: Vec<[String; 6]> = all.iter().rev().map(|it| self.line(it)).collect();
        let heading = format!("Decided, in {} time", zone.name());
        out.push_str(&text::section(&heading, &text::columns(&lines)));
        Ok(out)
    }

    fn line(&self, standing: &Standing) -> [String; 6] {
        let zone = &self.policy.terms().zone;
        let ended = standing.ended.as_ref().map_or_else(String::new, |ended| {
            format!(" (ended by {}) {}", ended.by, text::line(&ended.reason))
        });
        [
            text::time(standing.from, zone),
            standing.level.to_string(),
            format!(
                "to {}{}",
                text::time(standing.end(), zone),
                ended.trim_end()
            ),
            format!("by {}", standing.by),
            self.number(standing.ticket),
            text::line(&standing.reason),
        ]
    }

    fn number(&self, ticket: TicketId) -> String {
        ticket.number(&self.policy.terms().prefix)
    }
}

/// What makes a decision given twice one.
fn once(key: String) -> Once {
    Once {
        source: "standing",
        body: ContentDigest::of(&[key.as_bytes()]),
        key,
        copy: None,
    }
}

fn listed(words: &[impl ToString]) -> String {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    words.join(", ")
}
