//! What an agent's slash line means under a policy.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use policy::{PersonId, Policy, Status, Tier};

use crate::command::{Contact, Order, OrderLine, Refusal};
use crate::decide::unknown_scope;
use crate::identity::{AddressHash, Pepper, TicketId};
use crate::merge::MergeRefusal;

impl OrderLine {
    /// Reads a slash line that has been split into its command word and the rest; `agent` is who wrote it, for `/assign me`.
    /// The pepper turns an address into its pseudonym; without it no line about a participant means anything.
    ///
    /// A line that means nothing keeps its refusal, so that its writer is told line by line. An address is personal: the
    /// line that the answer repeats holds only what stands behind its `@`.
    pub fn read(
        name: &str,
        args: &str,
        agent: Option<&PersonId>,
        policy: &Policy,
        pepper: Option<&Pepper>,
    ) -> Self {
        let args = args.trim();
        let order = order(name, args, agent, policy, pepper);
        let words = args.split(' ').map(|word| match word.rsplit_once('@') {
            Some((_, host)) if name.eq_ignore_ascii_case("participant") => format!("…@{host}"),
            _ => word.to_owned(),
        });
        let args = words.collect::<Vec<_>>().join(" ");
        let line = format!("/{name} {args}").trim_end().to_owned();
        Self { line, order }
    }
}

fn order(
    name: &str,
    args: &str,
    agent: Option<&PersonId>,
    policy: &Policy,
    pepper: Option<&Pepper>,
) -> Result<Order, Refusal> {
    match name.to_ascii_lowercase().as_str() {
        "note" => Ok(Order::Note),
        "open" => Ok(Order::Status(Status::Open)),
        "pending" => Ok(Order::Status(Status::Pending)),
        "hold" | "on-hold" | "on_hold" => Ok(Order::Status(Status::OnHold)),
        "solve" | "solved" => Ok(Order::Status(Status::Solved)),
        "assign" => assignee(args, agent, policy).map(Order::Assign),
        "priority" => args
            .to_ascii_lowercase()
            .parse()
            .map(Order::Priority)
            .map_err(|_| Refusal::UnknownPriority(args.to_owned())),
        "department" => department(args, policy),
        "escalate" => hand_over(args),
        "ack" => Ok(Order::Acknowledge),
        "expect" => expect(args, policy),
        "out-of-scope" | "out_of_scope" => {
            let rules = &policy.terms().scope;
            let rule = rules.iter().find(|rule| rule.id.as_ref() == args);
            rule.map(|rule| Order::OutOfScope(rule.id.clone()))
                .ok_or_else(|| unknown_scope(args, policy))
        }
        "review" => Ok(Order::Review {
            reason: args.to_owned(),
        }),
        "release" => args
            .trim_start_matches('#')
            .parse()
            .map(|seq| Order::Release { seq })
            .map_err(|_| Refusal::NotAnEntry(args.to_owned())),
        "participant" => participant(args, policy, pepper),
        "merge" => merge(args),
        _ => Err(Refusal::UnknownOrder(name.to_owned())),
    }
}

/// `me`, an id, an address or a name of the policy's people; a part of a name will do if it is one person's only.
fn assignee(args: &str, agent: Option<&PersonId>, policy: &Policy) -> Result<PersonId, Refusal> {
    let wanted = args.to_lowercase();
    if let ("me", Some(agent)) = (wanted.as_str(), agent) {
        return Ok(agent.clone());
    }
    let people = &policy.terms().people;
    let exactly = people.iter().find(|person| {
        [person.id.as_str(), &person.name, &person.address]
            .iter()
            .any(|text| text.to_lowercase() == wanted)
    });
    let mut alike = people
        .iter()
        .filter(|person| !wanted.is_empty() && person.name.to_lowercase().contains(&wanted));
    let found = exactly.or_else(|| alike.next().filter(|_| alike.next().is_none()));
    found
        .map(|person| person.id.clone())
        .ok_or_else(|| Refusal::UnknownPerson(args.to_owned()))
}

/// A department's id, or its name in any language.
fn department(args: &str, policy: &Policy) -> Result<Order, Refusal> {
    let wanted = args.to_lowercase();
    policy
        .terms()
        .departments
        .iter()
        .find(|department| {
            department.id.as_str() == wanted
                || department
                    .names
                    .values()
                    .any(|name| name.to_lowercase() == wanted)
        })
        .map(|department| Order::Department(department.id.clone()))
        .ok_or_else(|| Refusal::UnknownDepartment(args.to_owned()))
}

/// `add ADDRESS`, `add ADDRESS earlier` or `remove ADDRESS`.
fn participant(args: &str, policy: &Policy, pepper: Option<&Pepper>) -> Result<Order, Refusal> {
    let words: Vec<&str> = args.split_whitespace().collect();
    let pepper = pepper.ok_or(Refusal::ParticipantHow)?;
    let known = |address: &str| {
        let address = address_of(address).ok_or(Refusal::ParticipantHow)?;
        let hash = AddressHash::of(pepper, &address);
        Ok((address, hash))
    };
    let (address, earlier) = match words[..] {
        ["add", address] => (address, false),
        ["add", address, "earlier"] => (address, true),
        ["remove", address] => {
            return known(address).map(|(_, who)| Order::RemoveParticipant { who });
        }
        _ => return Err(Refusal::ParticipantHow),
    };
    let (address, hash) = known(address)?;
    if policy.is_own_address(&address) {
        return Err(Refusal::OwnAddress);
    }
    let who = Contact {
        hash,
        address,
        name: String::new(),
    };
    Ok(Order::AddParticipant { who, earlier })
}

/// `NUMBER` or `NUMBER confirm`.
fn merge(args: &str) -> Result<Order, Refusal> {
    let words: Vec<&str> = args.split_whitespace().collect();
    let (number, confirmed) = match words[..] {
        [number] => (number, false),
        [number, "confirm"] => (number, true),
        _ => (args, false),
    };
    let into = TicketId::with_any_prefix(number.trim_start_matches('#'));
    let into = into.ok_or_else(|| MergeRefusal::NotANumber(args.to_owned()))?;
    Ok(Order::Merge { into, confirmed })
}

/// RFC 5321, 4.5.3.1.3: a path has at most 256 bytes, two of them brackets.
const LONGEST_ADDRESS: usize = 254;

/// The address that a mail program wrote out, perhaps with a link behind it: `a@b.example<mailto:a@b.example>`. Letters of
/// ASCII only, as SES takes them.
fn address_of(word: &str) -> Option<String> {
    let word = word.strip_prefix('<').unwrap_or(word);
    let word = word.split(['<', '>', '[']).next()?;
    let (local, host) = word.split_once('@')?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let labels = |host: &str| {
        let mut labels = host.split('.');
        host.contains('.')
            && labels.all(|label| {
                let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
                !label.is_empty() && label.chars().all(plain)
            })
    };
    let good = word.len() <= LONGEST_ADDRESS
        && !local.is_empty()
        && local.chars().all(fits)
        && labels(host);
    good.then(|| word.to_owned())
}

fn hand_over(args: &str) -> Result<Order, Refusal> {
    let (tier, reason) = args.split_once(char::is_whitespace).unwrap_or((args, ""));
    let tier = tier_of(tier).ok_or_else(|| Refusal::UnknownTier(tier.to_owned()))?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    Ok(Order::HandOver { tier, reason })
}

/// Reads `L1`, `l2`, `3`.
fn tier_of(text: &str) -> Option<Tier> {
    let number = text.trim().trim_start_matches(['L', 'l']);
    format!("L{number}").parse().ok()
}

/// `2027-02-12 16:00 reason`, as wall time of the policy; a date alone means its last minute.
fn expect(args: &str, policy: &Policy) -> Result<Order, Refusal> {
    let mut words = args.splitn(3, char::is_whitespace);
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let with_time = format!("{first}T{second}");
    let (until, used) = if let Ok(at) = first.parse::<Timestamp>() {
        (Some(at), first.len())
    } else if let Some(at) = local(&with_time, policy) {
        (Some(at), with_time.len())
    } else {
        let last = Time::constant(23, 59, 0, 0);
        let date = first.parse::<jiff::civil::Date>().ok();
        let at = date.map(|date| date.to_datetime(last).to_string());
        let whole = local(first, policy).filter(|_| first.contains('T'));
        (whole.or_else(|| local(&at?, policy)), first.len())
    };
    let until = until.ok_or_else(|| Refusal::NotATime(first.to_owned()))?;
    let reason = args.get(used..).unwrap_or("").trim().to_owned();
    Ok(Order::Expect { until, reason })
}

fn local(text: &str, policy: &Policy) -> Option<Timestamp> {
    let wall: DateTime = text.parse().ok()?;
    let zone = policy.terms().zone.rules().clone();
    Some(wall.to_zoned(zone).ok()?.timestamp())
}
