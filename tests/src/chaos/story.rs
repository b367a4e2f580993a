//! The story: people open tickets by form, by program and by mail; customers and agents go on; one ticket nobody answers.
//! One customer's mailbox refuses all mail, another customer calls our mail unwanted. Twice the whole machine goes down in
//! the middle. Whoever gets no answer, or one that asks to come back, does the very same again.

use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use play::{Form, Player, Reply, Written};
use serde_json::{Value, json};

use crate::desk::Desk;

/// Monday morning in Sydney.
pub(super) const BEGIN: &str = "2026-11-22T22:00:00Z";

/// How the tickets are opened; the last is the one that nobody answers.
const OPENINGS: [Way; 8] = [
    Way::Form,
    Way::Mail,
    Way::Json,
    Way::Mail,
    Way::Form,
    Way::Json,
    Way::Form,
    Way::Json,
];

/// Whose mailbox refuses mail, and who calls it unwanted: addresses of SES's mailbox simulator. They do not write again.
const BOUNCES: usize = 5;
const COMPLAINS: usize = 6;

/// What happens on the answered tickets afterwards, at each one in this order.
const GOING_ON: [Say; 3] = [Say::Agent, Say::Customer, Say::Agent];

/// Marks the words that opened a ticket.
const OPENING: &str = "opening";

/// A request is repeated this often; with every try failing one time in four that is never too few.
const PATIENCE: usize = 40;

/// Between two tries, on the machine's clock.
const PAUSE: Duration = Duration::from_millis(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Form,
    Json,
    Mail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Say {
    Agent,
    Customer,
}

/// Something that the desk accepted.
#[derive(Debug)]
pub(super) struct Input {
    /// Words that stand in nothing else.
    pub(super) words: String,
    /// Which ticket it belongs to, by the words that opened it.
    pub(super) opening: String,
    /// The customer of the ticket.
    pub(super) customer: String,
    /// Whether an agent wrote it, for the customer to read.
    pub(super) is_answer: bool,
    /// Whether mail reaches the customer.
    pub(super) reached: bool,
}

/// What was played.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) inputs: Vec<Input>,
    /// Whom nobody answered.
    pub(super) unanswered: String,
    /// When the machine went down.
    pub(super) falls: Vec<Timestamp>,
}

pub(super) struct Teller<'d> {
    pub(super) desk: &'d mut Desk,
    pub(super) player: Player,
    dice: u64,
    pub(super) story: Story,
}

/// Plays it while the desk's faults happen.
pub(super) fn play(desk: &mut Desk, seed: u64) -> Story {
    let player = Player::new(desk.client());
    let mut teller = Teller {
        desk,
        player,
        dice: seed,
        story: Story::default(),
    };
    // While a mail comes in, and while time goes by.
    let mails = OPENINGS
        .iter()
        .zip(0_u64..)
        .filter(|(way, _)| **way == Way::Mail);
    let mails: Vec<u64> = mails.map(|(_, number)| number).collect();
    let first = mails[usize::try_from(teller.roll(mails.len() as u64)).unwrap_or(0)];
    let second = teller.roll(GOING_ON.len() as u64);
    for (number, way) in (0_u64..).zip(OPENINGS) {
        let place = usize::try_from(number).unwrap_or(0);
        if number == first {
            teller.mail_while_it_falls(place);
        } else {
            teller.open(place, way);
        }
        teller.pass();
    }
    for (step, say) in (0_u64..).zip(GOING_ON) {
        for number in 0..OPENINGS.len() - 1 {
            let writes_again = say == Say::Agent || ![BOUNCES, COMPLAINS].contains(&number);
            // Not everybody goes on, and not always.
            if teller.roll(10) < 6 && writes_again {
                teller.go_on(number, usize::try_from(step).unwrap_or(0), say);
                teller.pass();
            }
        }
        if step == second {
            teller.pass_while_it_falls();
        }
    }
    teller.story.unanswered = customer(OPENINGS.len() - 1);
    teller.story
}

pub(super) fn customer(number: usize) -> String {
    match number {
        BOUNCES => format!("{REFUSED}{number}@simulator.amazonses.com"),
        COMPLAINS => format!("{UNWANTED}{number}@simulator.amazonses.com"),
        _ => format!("customer-{number}@example.net"),
    }
}

/// What the addresses begin with of whom mail does not reach, and of who calls it unwanted.
pub(super) const REFUSED: &str = "bounce+";
pub(super) const UNWANTED: &str = "complaint+";

fn words(number: usize, step: &str) -> String {
    format!("lantern {step} of customer number {number} shines")
}

impl Story {
    pub(super) fn accepted(&mut self, number: usize, words: String, is_answer: bool) {
        self.inputs.push(Input {
            words,
            opening: self::words(number, OPENING),
            customer: customer(number),
            is_answer,
            reached: number != BOUNCES,
        });
    }

    /// Somebody opens a ticket by mail.
    pub(super) fn mail(&mut self, player: &mut Player, number: usize) {
        let mail = written(number);
        player.mail(&mail).expect("the mail server takes the mail");
        self.accepted(number, mail.text, false);
    }

    /// A program opens a ticket; it tries again until it is told the number.
    pub(super) fn json(&mut self, desk: &Desk, number: usize) {
        let (headers, body) = request(number);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut last = String::new();
        for _ in 0..PATIENCE {
            match desk
                .client()
                .ask("POST", "/tickets", &headers, body.as_bytes())
            {
                Ok(answer) if answer.status == 201 => {
                    desk.settle();
                    self.accepted(number, words(number, OPENING), false);
                    return;
                }
                Ok(answer) if answer.status >= 500 || answer.status == 409 => last = answer.body,
                Ok(answer) => panic!("a good request got {}: {}", answer.status, answer.body),
                Err(error) => last = error,
            }
            thread::sleep(PAUSE);
        }
        panic!("the request was never taken: {last}");
    }
}

/// The mail by which somebody opens a ticket.
pub(super) fn written(number: usize) -> Written {
    Written {
        from: customer(number),
        name: format!("Customer {number}"),
        to: "help@support.example.com".to_owned(),
        subject: format!("Question {number}"),
        text: words(number, OPENING),
        ..Written::default()
    }
}

/// A program's request: headers and body.
pub(super) fn request(number: usize) -> ([(&'static str, String); 2], String) {
    let body = json!({
        "email": customer(number), "subject": format!("Question {number}"),
        "message": words(number, OPENING), "department": "sales",
    });
    let headers = [
        ("Content-Type", "application/json".to_owned()),
        ("Idempotency-Key", format!("question-{number}")),
    ];
    (headers, body.to_string())
}

impl Teller<'_> {
    /// A number below `below`; `SplitMix64`.
    pub(super) fn roll(&mut self, below: u64) -> u64 {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.dice;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (value ^ (value >> 31)) % below
    }

    /// Between nothing and four hours go by; mostly little.
    fn pass(&mut self) {
        let minutes = [0, 0, 1, 3, 12, 45, 240][usize::try_from(self.roll(7)).unwrap_or(0)];
        if minutes > 0 {
            self.desk.advance(&format!("PT{minutes}M"));
        }
    }

    fn open(&mut self, number: usize, way: Way) {
        match way {
            Way::Form => self.form(number),
            Way::Json => self.story.json(self.desk, number),
            Way::Mail => self.story.mail(&mut self.player, number),
        }
    }

    fn form(&mut self, number: usize) {
        let words = words(number, OPENING);
        self.story.accepted(number, words.clone(), false);
        let form = Form {
            email: customer(number),
            subject: format!("Question {number}"),
            message: words,
            department: "technical".to_owned(),
            ..Form::default()
        };
        // The page itself may not come at first; once it has, it is this very page that is sent again.
        let mut said = String::new();
        let came = (0..PATIENCE).any(|_| {
            let tried = self.player.form(&form);
            said = tried.clone().err().unwrap_or_default();
            tried.is_ok()
        });
        assert!(came, "the form never came: {said}\n{}", self.desk.logs());
        let again = Form {
            again: true,
            ..form
        };
        for _ in 0..PATIENCE {
            match self.player.answer.status {
                200..400 => return,
                400..500 => break,
                _ => thread::sleep(PAUSE),
            }
            said = self.player.form(&again).err().unwrap_or_default();
        }
        panic!("the form was not taken: {said} {:?}", self.player.answer);
    }

    /// Somebody writes on a ticket by answering the newest mail that they have of it.
    fn go_on(&mut self, number: usize, step: usize, say: Say) {
        let Some(ticket) = self.number_of(number) else {
            return;
        };
        let who = match say {
            Say::Customer => customer(number),
            Say::Agent => match self.agent_with(&ticket) {
                Some(agent) => agent,
                None => return,
            },
        };
        let step = match say {
            Say::Customer => format!("question {step}"),
            Say::Agent => format!("answer {step}"),
        };
        let words = words(number, &step);
        let reply = Reply {
            files: Vec::new(),
            to_mail_to: who,
            subject: ticket,
            from: None,
            text: words.clone(),
            // A customer who quotes would repeat what must stand in one place only.
            quote: say == Say::Agent,
            keeps: play::Keeps::Everything,
            to: String::new(),
            headers: std::collections::BTreeMap::new(),
            verdict: None,
        };
        if self.player.reply(&reply).is_ok() {
            self.story.accepted(number, words, say == Say::Agent);
        }
    }

    /// The number that the customer was told, if they have been told.
    fn number_of(&self, number: usize) -> Option<String> {
        let mails = self.player.client.mails().ok()?;
        let told = mails.iter().find(|mail| mail.is_to(&customer(number)))?;
        let words = told
            .subject
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let mut words = words.filter(|word| word.matches('-').count() == 2);
        words.next().map(str::to_owned)
    }

    /// An agent who has mail about the ticket.
    fn agent_with(&self, ticket: &str) -> Option<String> {
        let mails = self.player.client.mails().ok()?;
        let mut about = mails.iter().filter(|mail| mail.subject.contains(ticket));
        let mail = about.find(|mail| {
            mail.to
                .iter()
                .any(|to| to.ends_with("-1@staff.example.com"))
        })?;
        mail.to.first().cloned()
    }
}

/// What `Value` says as text.
pub(super) fn said(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
