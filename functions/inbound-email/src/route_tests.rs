use mail::{InboundMail, Kind, Mailbox, ReplyAddress};
use ticket::{AddressHash, Pepper, TicketId};

use super::*;
use crate::event::SesEvent;

fn receipt(spam: &str, virus: &str, dmarc: &str) -> Receipt {
    let json = format!(
        r#"{{"Records":[{{"ses":{{"mail":{{"timestamp":"2026-11-23T05:40:00Z","messageId":"m"}},
        "receipt":{{"spamVerdict":{{"status":"{spam}"}},"virusVerdict":{{"status":"{virus}"}},
        "dmarcVerdict":{{"status":"{dmarc}"}}}}}}}}]}}"#
    );
    let event: SesEvent = serde_json::from_str(&json).unwrap();
    event.records[0].ses.receipt.clone()
}

fn hash(address: &str) -> AddressHash {
    AddressHash::of(&Pepper::new("p"), address)
}

const AGENT: &str = "agent@staff.example";
const CUSTOMER: &str = "customer@example.net";

fn ticket() -> ticket::Ticket {
    let id = TicketId::derive(&Pepper::new("p"), "form", "n", 0);
    let instant: jiff::Timestamp = "2026-11-23T05:40:00Z".parse().unwrap();
    let json = serde_json::json!({
        "id": id, "pol": "0".repeat(26), "src": "0".repeat(26), "body": "0".repeat(26), "ch": "form",
        "type": "request", "prio": "normal", "status": "new", "lang": "en", "req": hash(CUSTOMER),
        "at": instant, "rec": instant, "seq": 1, "msgs": 1, "chain": "0".repeat(26),
    });
    serde_json::from_value(json).unwrap()
}

fn agent_address() -> ReplyAddress {
    ReplyAddress::Agent {
        ticket: ticket().id,
        person_short: hash(AGENT).short().to_owned(),
        expires: "2027-01-01T00:00:00Z".parse().unwrap(),
        expired: false,
    }
}

/// Who a mail says it is from, and whether it came to the agent's signed address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    Requester,
    AgentOnOwnAddress,
    AgentElsewhere,
    StrangerOnTicket,
    StrangerOnAgentAddress,
    Us,
}

const SENDERS: [Sender; 6] = [
    Sender::Requester,
    Sender::AgentOnOwnAddress,
    Sender::AgentElsewhere,
    Sender::StrangerOnTicket,
    Sender::StrangerOnAgentAddress,
    Sender::Us,
];
const VERDICTS: [&str; 4] = ["PASS", "FAIL", "GRAY", "PROCESSING_FAILED"];

fn decide(sender: Sender, kind: Kind, receipt: &Receipt, ambiguous: bool) -> Route {
    let from = match sender {
        Sender::Requester => CUSTOMER,
        Sender::AgentOnOwnAddress | Sender::AgentElsewhere => AGENT,
        Sender::StrangerOnTicket | Sender::StrangerOnAgentAddress => "stranger@example.org",
        Sender::Us => "desk@support.example.com",
    };
    let mut mail = InboundMail {
        from: vec![Mailbox {
            name: String::new(),
            address: from.to_owned(),
        }],
        ambiguous_sender: ambiguous,
        ..InboundMail::default()
    };
    mail.verdict.kind = kind;
    let ticket = ticket();
    let on_agent_address = matches!(
        sender,
        Sender::AgentOnOwnAddress | Sender::StrangerOnAgentAddress
    );
    let address = on_agent_address.then(agent_address);
    let sender_hash = hash(from);
    let facts = Facts {
        receipt,
        reply_address: address.as_ref(),
        agent_address: on_agent_address.then_some(AGENT),
        named: Some(&ticket),
        sender: Some(&sender_hash),
        sender_is_us: sender == Sender::Us,
    };
    route(&mail, &facts)
}

#[test]
fn the_whole_verdict_matrix_is_decided_by_the_rules() {
    for (spam, virus, dmarc) in matrix() {
        let receipt = receipt(spam, virus, dmarc);
        for sender in SENDERS {
            let expected = match sender {
                _ if virus == "FAIL" => Route::File("virus"),
                _ if spam == "FAIL" => Route::File("spam"),
                Sender::Us => Route::File("own"),
                Sender::Requester if dmarc == "FAIL" => Route::Open,
                Sender::Requester => Route::Message,
                Sender::AgentOnOwnAddress if dmarc == "PASS" => Route::Agent,
                Sender::AgentOnOwnAddress | Sender::StrangerOnAgentAddress => Route::Stranger,
                Sender::AgentElsewhere | Sender::StrangerOnTicket => Route::Open,
            };
            let decided = decide(sender, Kind::Human, &receipt, false);
            assert_eq!(decided, expected, "{sender:?} {spam} {virus} {dmarc}");
        }
    }
}

fn matrix() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    VERDICTS.into_iter().flat_map(|spam| {
        VERDICTS
            .into_iter()
            .flat_map(move |virus| VERDICTS.into_iter().map(move |dmarc| (spam, virus, dmarc)))
    })
}

#[test]
fn no_mail_acts_as_an_agent_without_their_address_and_dmarc_pass() {
    for (spam, virus, dmarc) in matrix() {
        for sender in SENDERS {
            for kind in [Kind::Human, Kind::AutoReply, Kind::Bounce, Kind::List] {
                for ambiguous in [false, true] {
                    let route = decide(sender, kind, &receipt(spam, virus, dmarc), ambiguous);
                    let may = sender == Sender::AgentOnOwnAddress && dmarc == "PASS" && !ambiguous;
                    assert!(route != Route::Agent || may);
                }
            }
        }
    }
}

#[test]
fn automatic_mail_is_filed_except_an_agents_own_auto_responder_which_is_told() {
    let receipt = receipt("PASS", "PASS", "PASS");
    for kind in [Kind::Bounce, Kind::FeedbackReport, Kind::List] {
        for sender in [
            Sender::Requester,
            Sender::AgentOnOwnAddress,
            Sender::StrangerOnTicket,
        ] {
            assert_eq!(
                decide(sender, kind, &receipt, false),
                Route::File(kind.as_str())
            );
        }
    }
    let auto = |sender| decide(sender, Kind::AutoReply, &receipt, false);
    assert_eq!(auto(Sender::Requester), Route::File("auto_reply"));
    assert_eq!(auto(Sender::AgentOnOwnAddress), Route::Agent);
}

#[test]
fn a_sender_who_leaves_a_doubt_is_nobodys_participant() {
    let receipt = receipt("PASS", "PASS", "PASS");
    assert_eq!(
        decide(Sender::Requester, Kind::Human, &receipt, true),
        Route::Open
    );
}
