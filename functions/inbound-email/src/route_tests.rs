use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::Timestamp;
use mail::{InboundMail, Kind, Mailbox, Reference, ReplyAddress, thread_keys};
use proptest::prelude::*;
use ticket::{AddressHash, Keyring, Pepper, TicketId};

use super::*;
use crate::event::SesEvent;

/// A row of verdicts (SPF, DKIM, DMARC, spam, virus) and the receipt that says so.
type Row = ([&'static str; 5], Receipt);

fn receipt([spf, dkim, dmarc, spam, virus]: [&str; 5]) -> Receipt {
    let json = format!(
        r#"{{"Records":[{{"ses":{{"mail":{{"timestamp":"2026-11-23T05:40:00Z","messageId":"m"}},
        "receipt":{{"spfVerdict":{{"status":"{spf}"}},"dkimVerdict":{{"status":"{dkim}"}},
        "dmarcVerdict":{{"status":"{dmarc}"}},"spamVerdict":{{"status":"{spam}"}},
        "virusVerdict":{{"status":"{virus}"}}}}}}}}]}}"#
    );
    let event: SesEvent = serde_json::from_str(&json).unwrap();
    event.records[0].ses.receipt.clone()
}

/// All combinations of SES's verdicts.
fn matrix() -> &'static [Row] {
    static MATRIX: LazyLock<Vec<Row>> = LazyLock::new(|| {
        (0..4usize.pow(5))
            .map(|n| std::array::from_fn(|which| VERDICTS[n >> (2 * which) & 3]))
            .map(|verdicts| (verdicts, receipt(verdicts)))
            .collect()
    });
    &MATRIX
}

fn hash(address: &str) -> AddressHash {
    static KNOWN: LazyLock<BTreeMap<&str, AddressHash>> = LazyLock::new(|| {
        let of = |address| (address, AddressHash::of(&Pepper::new("p"), address));
        [AGENT, CUSTOMER, COLLEAGUE, STRANGER, US, OTHER_AGENT]
            .map(of)
            .into()
    });
    KNOWN[address].clone()
}

const VERDICTS: [&str; 4] = ["PASS", "GRAY", "PROCESSING_FAILED", "FAIL"];
const AGENT: &str = "agent@staff.example";
const CUSTOMER: &str = "customer@example.net";
const COLLEAGUE: &str = "colleague@example.net";
const STRANGER: &str = "stranger@example.org";
const OTHER_AGENT: &str = "other@staff.example";
const US: &str = "desk@support.example.com";
const DOMAIN: &str = "mail.support.example.com";

static TICKET: LazyLock<Ticket> = LazyLock::new(|| {
    let id = TicketId::derive(&Pepper::new("p"), "form", "n", 0);
    let instant: Timestamp = "2026-11-23T05:40:00Z".parse().unwrap();
    let json = serde_json::json!({
        "id": id, "pol": "0".repeat(26), "src": "0".repeat(26), "body": "0".repeat(26), "ch": "form",
        "type": "request", "prio": "normal", "status": "new", "lang": "en", "req": hash(CUSTOMER),
        "parts": [hash(COLLEAGUE)],
        "at": instant, "rec": instant, "seq": 1, "msgs": 1, "chain": "0".repeat(26),
    });
    serde_json::from_value(json).unwrap()
});

fn agent_address() -> ReplyAddress {
    ReplyAddress::Agent {
        ticket: TICKET.id,
        person_short: hash(AGENT).short().to_owned(),
        expires: "2027-01-01T00:00:00Z".parse().unwrap(),
        expired: false,
    }
}

fn customers_address() -> ReplyAddress {
    ReplyAddress::Participant {
        ticket: TICKET.id,
        person_short: hash(CUSTOMER).short().to_owned(),
    }
}

/// The reply address that a lead of the table stands for.
fn address_of_lead(lead: &str) -> Option<ReplyAddress> {
    match lead {
        "agent-address" => Some(agent_address()),
        "customers" => Some(customers_address()),
        _ => None,
    }
}

/// Where a mail comes from and what it names.
#[derive(Clone, Copy)]
struct Case<'a> {
    from: &'a str,
    lead: &'a str,
    kind: Kind,
    ambiguous: bool,
    forwarded: bool,
}

fn case<'a>(from: &'a str, lead: &'a str) -> Case<'a> {
    Case {
        from,
        lead,
        kind: Kind::Human,
        ambiguous: false,
        forwarded: false,
    }
}

fn decide(case: Case<'_>, receipt: &Receipt) -> Route {
    let mut mail = InboundMail {
        from: vec![Mailbox {
            name: String::new(),
            address: case.from.to_owned(),
        }],
        ambiguous_sender: case.ambiguous,
        ..InboundMail::default()
    };
    mail.verdict.kind = case.kind;
    let address = address_of_lead(case.lead);
    let sender = hash(case.from);
    let facts = Facts {
        receipt,
        forwarded: case.forwarded,
        reply_address: address.as_ref(),
        agent_address: (case.lead == "agent-address").then_some(AGENT),
        named: (case.lead != "nothing").then_some(&*TICKET),
        sender: Some(&sender),
        sender_is_us: case.from == US,
    };
    route(&mail, &facts)
}

/// What is to be done with a person's mail that SES finds no virus in, by what leads to a ticket, by sender and by
/// DMARC. A virus is filed as `virus` whoever sent it; SPF and DKIM change nothing. Written by hand, not by the rules.
const EXPECTED: &str = "
    lead          sender       | PASS     GRAY     PROCESSING_FAILED FAIL     | spam: PASS GRAY PROCESSING_FAILED FAIL
    ticket        requester      message  message  message           open             message spam spam              spam
    ticket        participant    message  message  message           open             message spam spam              spam
    ticket        agent          open     open     open              open             spam    spam spam              spam
    ticket        stranger       open     open     open              open             spam    spam spam              spam
    ticket        ourselves      own      own      own               own              own     own  own               own
    customers     requester      message  message  message           open             message spam spam              spam
    customers     participant    message  message  message           open             message spam spam              spam
    customers     agent          stranger stranger stranger          stranger         spam    spam spam              spam
    customers     stranger       stranger stranger stranger          stranger         spam    spam spam              spam
    customers     ourselves      own      own      own               own              own     own  own               own
    agent-address requester      stranger stranger stranger          stranger         spam    spam spam              spam
    agent-address participant    stranger stranger stranger          stranger         spam    spam spam              spam
    agent-address agent          agent    stranger stranger          stranger         agent   spam spam              spam
    agent-address stranger       stranger stranger stranger          stranger         spam    spam spam              spam
    agent-address ourselves      own      own      own               own              own     own  own               own
    nothing       requester      open     open     open              open             spam    spam spam              spam
    nothing       participant    open     open     open              open             spam    spam spam              spam
    nothing       agent          open     open     open              open             spam    spam spam              spam
    nothing       stranger       open     open     open              open             spam    spam spam              spam
    nothing       ourselves      own      own      own               own              own     own  own               own
";

/// The rows of [`EXPECTED`]: lead, sender, and the eight outcomes.
fn expected() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let rows = EXPECTED
        .lines()
        .map(str::trim)
        .filter(|row| !row.is_empty());
    rows.skip(1)
        .map(|row| {
            let mut cells = row.split_whitespace();
            let (lead, sender) = (cells.next().unwrap(), cells.next().unwrap());
            (lead, address_of(sender), cells.collect())
        })
        .collect()
}

fn address_of(sender: &str) -> &'static str {
    match sender {
        "requester" => CUSTOMER,
        "participant" => COLLEAGUE,
        "agent" => AGENT,
        "stranger" => STRANGER,
        _ => US,
    }
}

fn outcome(word: &'static str) -> Route {
    match word {
        "message" => Route::Message,
        "open" => Route::Open,
        "agent" => Route::Agent,
        "stranger" => Route::Stranger,
        filed => Route::File(filed),
    }
}

#[test]
fn all_rows_of_the_verdict_matrix_are_decided_as_written_down() {
    let mut rows = 0;
    for (lead, from, outcomes) in expected() {
        for (verdicts, receipt) in matrix() {
            let [_, _, dmarc, spam, virus] = *verdicts;
            let column = VERDICTS.iter().position(|it| *it == dmarc).unwrap();
            let column = column + if spam == "FAIL" { 4 } else { 0 };
            let wanted = match virus {
                "FAIL" => Route::File("virus"),
                _ => outcome(outcomes[column]),
            };
            let decided = decide(case(from, lead), receipt);
            assert_eq!(decided, wanted, "{lead} {from} {verdicts:?}");
            rows += 1;
        }
    }
    assert_eq!(rows, 4 * 5_120);
}

#[test]
fn a_forwarders_broken_dmarc_is_unknown_and_proves_no_agent() {
    let failed = receipt(["FAIL", "FAIL", "FAIL", "PASS", "PASS"]);
    let forwarded = |from, lead| {
        let case = Case {
            forwarded: true,
            ..case(from, lead)
        };
        decide(case, &failed)
    };
    assert_eq!(forwarded(CUSTOMER, "ticket"), Route::Message);
    assert_eq!(forwarded(STRANGER, "ticket"), Route::Open);
    assert_eq!(forwarded(STRANGER, "customers"), Route::Stranger);
    assert_eq!(forwarded(AGENT, "agent-address"), Route::Stranger);
}

#[test]
fn no_mail_acts_as_an_agent_without_their_address_and_dmarc_pass() {
    for (lead, from, _) in expected() {
        for (verdicts, receipt) in matrix() {
            for kind in [Kind::Human, Kind::AutoReply, Kind::Bounce, Kind::List] {
                for (ambiguous, forwarded) in [(false, false), (true, false), (false, true)] {
                    let case = Case {
                        from,
                        lead,
                        kind,
                        ambiguous,
                        forwarded,
                    };
                    let acts = decide(case, receipt) == Route::Agent;
                    let may = from == AGENT
                        && lead == "agent-address"
                        && verdicts[2] == "PASS"
                        && !ambiguous;
                    assert!(!acts || may, "{lead} {from} {kind:?} {verdicts:?}");
                }
            }
        }
    }
}

#[test]
fn automatic_mail_is_filed_except_an_agents_own_auto_responder_which_is_told() {
    let receipt = receipt(["PASS"; 5]);
    for kind in [
        Kind::Bounce,
        Kind::FeedbackReport,
        Kind::List,
        Kind::AutoReply,
    ] {
        for (lead, from, _) in expected().into_iter().filter(|(_, from, _)| *from != US) {
            let agents = kind == Kind::AutoReply && from == AGENT && lead == "agent-address";
            let wanted = if agents {
                Route::Agent
            } else {
                Route::File(kind.as_str())
            };
            let case = Case {
                kind,
                ..case(from, lead)
            };
            assert_eq!(decide(case, &receipt), wanted, "{lead} {from} {kind:?}");
        }
    }
}

#[test]
fn a_sender_who_leaves_a_doubt_is_nobodys_participant() {
    let case = Case {
        ambiguous: true,
        ..case(CUSTOMER, "ticket")
    };
    assert_eq!(decide(case, &receipt(["PASS"; 5])), Route::Open);
}

#[test]
fn a_mail_without_from_proves_nobody() {
    let mail = InboundMail::default();
    for (verdicts, receipt) in matrix() {
        assert!(!proved(&mail, receipt), "{verdicts:?}");
    }
}

#[test]
fn forged_findings_of_ses_in_the_mail_change_no_row() {
    let forged = "X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\n\
        Received-SPF: pass (spfCheck: domain designates) client-ip=192.0.2.1;\r\n\
        Authentication-Results: amazonses.com; spf=pass; dkim=pass; dmarc=pass\r\n\
        X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt\r\nX-SES-RECEIPT: forged\r\nARC-Authentication-Results: i=1; x; dmarc=pass\r\n";
    for (lead, from, _) in expected() {
        let text = format!("From: {from}\r\nSubject: hello\r\n\r\nWords.\r\n");
        let plain = mail::parse(text.as_bytes(), Some(from)).unwrap();
        let claims = mail::parse(format!("{forged}{text}").as_bytes(), Some(from)).unwrap();
        for (verdicts, receipt) in matrix() {
            let of = |mail: &InboundMail| {
                let sender = hash(from);
                let address = address_of_lead(lead);
                let facts = Facts {
                    receipt,
                    forwarded: false,
                    reply_address: address.as_ref(),
                    agent_address: (lead == "agent-address").then_some(AGENT),
                    named: (lead != "nothing").then_some(&*TICKET),
                    sender: Some(&sender),
                    sender_is_us: from == US,
                };
                (route(mail, &facts), proved(mail, receipt))
            };
            assert_eq!(of(&plain), of(&claims), "{lead} {from} {verdicts:?}");
        }
    }
}

/// Everything that could lead a mail to the ticket, genuine and not.
fn leads(keyring: &Keyring) -> [String; 8] {
    let (ticket, other) = (TICKET.id, Keyring::new([('1', "another")]));
    let short = |address: &str| hash(address).short().to_owned();
    let until: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
    [
        ReplyAddress::participant(ticket, &short(CUSTOMER), DOMAIN, keyring),
        ReplyAddress::participant(ticket, &short(AGENT), DOMAIN, keyring),
        ReplyAddress::participant(ticket, &short(AGENT), DOMAIN, &other),
        ReplyAddress::agent(ticket, &short(AGENT), until, DOMAIN, &other),
        ReplyAddress::agent(ticket, &short(OTHER_AGENT), until, DOMAIN, keyring),
        Reference::sign(ticket, "abcdefghjk", DOMAIN, keyring),
        "0100018c1d3e4f5a-8b7c6d5e-1234-5678-9abc-def012345678-000000@eu-west-1.amazonses.com"
            .to_owned(),
        ReplyAddress::agent(ticket, &short(AGENT), until, DOMAIN, keyring),
    ]
}

/// The place of the one lead among [`leads`] that an agent may act through.
const GENUINE: usize = 7;

#[test]
fn a_providers_confirmation_is_the_operators_and_nobodys_ticket() {
    let raw = b"From: forwarding-noreply@google.com\r\nSubject: (#1) Gmail Forwarding Confirmation\r\n\r\nClick.\r\n";
    let mail = mail::parse(raw, Some("forwarding-noreply@google.com")).unwrap();
    for (verdicts, receipt) in matrix() {
        let sender = hash(STRANGER);
        let facts = Facts {
            receipt,
            forwarded: false,
            reply_address: None,
            agent_address: None,
            named: None,
            sender: Some(&sender),
            sender_is_us: false,
        };
        let wanted = if verdicts[4] == "FAIL" {
            "virus"
        } else {
            "setup"
        };
        assert_eq!(route(&mail, &facts), Route::File(wanted), "{verdicts:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// CVE-2026-47123: one of several ways to match a reply did not ask for the token.
    #[test]
    fn a_mail_that_claims_an_agents_from_reaches_no_customer_by_any_path(
        placed in proptest::collection::vec((0usize..8, 0usize..6), 0..5),
        verdicts in proptest::array::uniform5(0usize..4),
        claimed in 0usize..3,
        forwarded: bool,
    ) {
        let keyring = Keyring::new([('1', "secret for tests")]);
        let leads = leads(&keyring);
        let from = [AGENT, "\"Agent\" <agent@staff.example>", "AGENT@STAFF.EXAMPLE"][claimed];
        let mut head = format!("From: {from}\r\n");
        let mut recipients = vec!["help@support.example.com".to_owned()];
        for (lead, field) in &placed {
            let lead = &leads[*lead];
            match field {
                0 => recipients.push(lead.clone()),
                1 => write!(head, "To: {lead}\r\n").unwrap(),
                2 => write!(head, "Cc: {lead}\r\n").unwrap(),
                3 => write!(head, "References: <{lead}>\r\n").unwrap(),
                4 => write!(head, "In-Reply-To: <{lead}>\r\n").unwrap(),
                _ => write!(head, "Delivered-To: {lead}\r\n").unwrap(),
            }
        }
        let mail = mail::parse(format!("{head}\r\nSend this.\r\n").as_bytes(), Some(AGENT)).unwrap();
        let now: Timestamp = "2026-11-23T05:40:00Z".parse().unwrap();
        let keys = thread_keys(&mail, &recipients, DOMAIN, &keyring, now);
        let agent_address = match &keys.reply_address {
            Some(ReplyAddress::Agent { person_short, .. }) if *person_short == hash(AGENT).short() => Some(AGENT),
            Some(ReplyAddress::Agent { .. }) => Some(OTHER_AGENT),
            _ => None,
        };
        let names = keys.reply_address.is_some() || keys.reference.is_some() || !keys.ses_ids.is_empty();
        let sender = hash(AGENT);
        let receipt = receipt(verdicts.map(|it| VERDICTS[it]));
        let facts = Facts {
            receipt: &receipt,
            forwarded,
            reply_address: keys.reply_address.as_ref(),
            agent_address,
            named: names.then_some(&*TICKET),
            sender: Some(&sender),
            sender_is_us: false,
        };
        let route = route(&mail, &facts);
        let token = placed.iter().any(|(lead, field)| *lead == GENUINE && !(3..5).contains(field));
        let pass = receipt.dmarc_verdict == Verdict::Pass;
        prop_assert!(route != Route::Message, "an agent is no customer");
        prop_assert!(route != Route::Agent || (token && pass), "{:?} {:?}", placed, verdicts);
    }
}
