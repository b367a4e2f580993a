//! How a new ticket is sorted: by address, subject, words, language and what the form says.

use unicode_normalization::UnicodeNormalization;

use crate::id::{Lang, RouteId, ServiceId};
use crate::policy::Policy;
use crate::terms::{ComplaintEscalation, Group, Matcher, Settings};
use crate::vocabulary::{Channel, TicketType};

/// A ticket that is about to be opened, as far as routing looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// The addresses it was sent to; none for the form.
    pub to: &'a [String],
    /// The sender's address.
    pub from: Option<&'a str>,
    /// Whether it is proved that the address is the sender's: DMARC passed.
    pub proved: bool,
    /// Its subject, decoded.
    pub subject: &'a str,
    /// The sender's own words.
    pub text: &'a str,
    /// The customer's language, if it is known.
    pub lang: Option<&'a Lang>,
    /// How it came in.
    pub channel: Channel,
    /// The type that the customer chose.
    pub ticket_type: Option<TicketType>,
    /// The service that the customer chose.
    pub service: Option<&'a ServiceId>,
}

/// What routing makes of a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Routed {
    /// What it sets; none leaves what the customer chose, or the policy's default.
    pub set: Settings,
    /// The rules that set something, in the file's order.
    pub rules: Vec<RouteId>,
}

impl Policy {
    /// Sorts a new ticket: in file order, the first rule that fits decides each of the fields that it sets.
    ///
    /// Mail to a feedback address is feedback, and feedback goes to its department unless a rule says otherwise. Only
    /// a proved address is in a group; what a rule says of groups holds for those alone too.
    pub fn route(&self, incoming: &Incoming<'_>) -> Routed {
        let mut routed = Routed::default();
        let subject = Words::of(incoming.subject);
        let text = Words::of(incoming.text);
        for rule in &self.terms().routing {
            if fits(&rule.when, incoming, &subject, &text) && fill(&mut routed.set, &rule.set) {
                routed.rules.push(rule.id.clone());
            }
        }
        self.route_feedback(incoming, &mut routed.set);
        if !incoming.proved {
            routed.set.group = None;
        } else if routed.set.group.is_none() {
            let group = incoming.from.and_then(|from| self.group_of(from));
            routed.set.group = group.map(|group| group.id.clone());
        }
        routed.set.service = incoming.service.cloned().or(routed.set.service);
        routed
    }

    fn route_feedback(&self, incoming: &Incoming<'_>, set: &mut Settings) {
        let Some(feedback) = &self.terms().feedback else {
            return;
        };
        let reached = |own: &String| incoming.to.iter().any(|to| to.eq_ignore_ascii_case(own));
        if feedback.addresses.iter().any(reached) {
            set.ticket_type.get_or_insert(TicketType::Feedback);
        }
        if set.ticket_type.or(incoming.ticket_type) == Some(TicketType::Feedback) {
            set.department
                .get_or_insert_with(|| feedback.department.clone());
        }
    }

    /// The first group that this address is in. Ask only for a proved address.
    pub fn group_of(&self, address: &str) -> Option<&Group> {
        let within = |group: &&Group| group.addresses.iter().any(|it| it.matches(address));
        self.terms().groups.iter().find(within)
    }

    /// Where a mail with this subject goes if it asks for the escalation of a complaint; none if it does not.
    ///
    /// The words may stand anywhere in the subject, so whatever `Re:` or `AW:` a mail program put before them; case,
    /// punctuation and spaces do not matter.
    pub fn escalates_complaint(&self, subject: &str) -> Option<&ComplaintEscalation> {
        let escalation = self.terms().complaint_escalation.as_ref()?;
        Words::of(subject)
            .contain(&escalation.subject)
            .then_some(escalation)
    }
}

fn fits(rule: &Matcher, incoming: &Incoming<'_>, subject: &Words, text: &Words) -> bool {
    fn any_or<T>(list: &[T], fits: impl Fn(&T) -> bool) -> bool {
        list.is_empty() || list.iter().any(fits)
    }
    any_or(&rule.to, |own| {
        incoming.to.iter().any(|to| to.eq_ignore_ascii_case(own))
    }) && any_or(&rule.from, |from| {
        incoming.from.is_some_and(|it| from.matches(it))
    }) && any_or(&rule.subject, |phrase| subject.contain(phrase))
        && any_or(&rule.words, |phrase| {
            subject.contain(phrase) || text.contain(phrase)
        })
        && any_or(&rule.languages, |lang| incoming.lang == Some(lang))
        && any_or(&rule.channels, |channel| incoming.channel == *channel)
        && any_or(&rule.services, |service| incoming.service == Some(service))
}

/// Takes what is not set yet; whether anything was.
fn fill(set: &mut Settings, rule: &Settings) -> bool {
    fn take<T: Clone>(field: &mut Option<T>, from: Option<&T>) -> bool {
        let taken = field.is_none() && from.is_some();
        if taken {
            *field = from.cloned();
        }
        taken
    }
    let department = take(&mut set.department, rule.department.as_ref());
    let priority = take(&mut set.priority, rule.priority.as_ref());
    let ticket_type = take(&mut set.ticket_type, rule.ticket_type.as_ref());
    let group = take(&mut set.group, rule.group.as_ref());
    let service = take(&mut set.service, rule.service.as_ref());
    department || priority || ticket_type || group || service
}

/// A text as its words in lower case, each between two blanks. Letters are composed first: some mail programs send
/// Vietnamese letters and their marks apart.
struct Words(String);

impl Words {
    fn of(text: &str) -> Self {
        let composed: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
        let words = composed
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        Self(words.fold(" ".to_owned(), |text, word| text + word + " "))
    }

    /// Whether these words stand in it, one after the other; a phrase without a word never does.
    fn contain(&self, phrase: &str) -> bool {
        let phrase = Self::of(phrase);
        phrase.0.len() > 1 && self.0.contains(&phrase.0)
    }
}
