//! A ticket at a glance, for staff.

use policy::Status;

use super::Receiver;
use super::staff::Staff;

impl Staff<'_> {
    /// The ticket at a glance.
    pub(super) fn ticket(&self) -> Vec<(String, String)> {
        let Self { view, texts } = self;
        let ticket = view.ticket;
        let department = ticket
            .department
            .as_ref()
            .and_then(|id| view.policy.department(id));
        let assignee = ticket.assignee.as_ref().and_then(|id| view.person(id));
        let mut facts: Vec<(String, String)> = [
            (texts.number, view.number()),
            (texts.subject, self.subject().to_owned()),
            (texts.requester, self.requester()),
            (
                texts.department,
                department
                    .map_or(texts.no_department, |d| d.name(view.lang()))
                    .to_owned(),
            ),
            (
                texts.ticket_type,
                (texts.type_word)(ticket.ticket_type).to_owned(),
            ),
            (
                texts.priority,
                (texts.priority_word)(ticket.priority).to_owned(),
            ),
            (texts.status, (texts.status_word)(ticket.status).to_owned()),
            (
                texts.assignee,
                assignee.map_or(texts.nobody, |p| &p.name).to_owned(),
            ),
            (texts.tier, ticket.tier.as_str().to_owned()),
            (texts.waiting, self.waiting()),
            (texts.policy_version, ticket.policy.to_string()),
        ]
        .map(|(label, value)| (label.to_owned(), value))
        .into();
        let progress = self.progress();
        let expected = ticket.expected.map(|at| (progress.expected, view.time(at)));
        let prefix = &view.policy.terms().prefix;
        let candidates: Vec<String> = ticket
            .candidates
            .iter()
            .map(|id| id.number(prefix))
            .collect();
        let candidates = Some((progress.candidates, candidates.join(", ")));
        let more = expected.into_iter().chain(candidates);
        facts.extend(
            more.filter(|(_, value)| !value.is_empty())
                .map(|(label, value)| (label.to_owned(), value)),
        );
        facts
    }

    fn requester(&self) -> String {
        let mailbox = match self.view.receiver {
            Receiver::Staff { requester, .. } | Receiver::Address { requester, .. } => {
                requester.as_ref()
            }
            Receiver::Customer { .. } => None,
        };
        let Some(mailbox) = mailbox else {
            return self.texts.unknown.to_owned();
        };
        let who = match mailbox.name.trim() {
            "" => mailbox.address.clone(),
            name => format!("{name} <{}>", mailbox.address),
        };
        if self.view.ticket.requester_proved {
            who
        } else {
            format!("{who} ({})", self.texts.unverified)
        }
    }

    /// Who has to act.
    fn waiting(&self) -> String {
        let Self { view, texts } = self;
        let ticket = view.ticket;
        match ticket.status {
            Status::New | Status::Open => {
                let unanswered = ticket.first_reply_at.is_none().then_some(ticket.opened_at);
                match ticket.waiting_since.or(unanswered) {
                    Some(since) => (texts.us_since)(&view.time(since)),
                    None => texts.us.to_owned(),
                }
            }
            Status::Pending => texts.customer.to_owned(),
            Status::OnHold => texts.third_party.to_owned(),
            Status::Solved | Status::Closed => texts.nobody_waits.to_owned(),
        }
    }
}
