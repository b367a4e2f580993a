//! English.

use policy::{Metric, Priority, Recipient, Status, Strength, TicketType};
use ticket::NoteReason;

use super::{CustomerTexts, Said, StaffTexts, Texts};

pub(super) const EN: Texts = Texts {
    tag: "en",
    customer: CUSTOMER,
    staff: STAFF,
    explain: super::explain::EN,
    progress: super::progress::EN,
    too_much: super::too_much::EN,
    people: super::people::EN,
    files: super::files::EN,
    merge: super::merge::EN,
    digest: super::digest::EN,
};

const CUSTOMER: CustomerTexts = CustomerTexts {
    hello: |name| match name {
        Some(name) => format!("Hello {name},"),
        None => "Hello,".to_owned(),
    },
    your_request: "Your request",
    page: "Open your request online",
    page_hint: "The page shows your messages and our answers. Please keep the link to yourself: anyone who has it can read your request and write on it.",
    reply_hint: "To add something, simply reply to this mail.",
    privacy: "Privacy policy",
    policy_of: |version| format!("Our customer service policy, version {version}"),

    received_subject: |ticket_type| match ticket_type {
        TicketType::Request => "We have received your request",
        TicketType::Complaint => "We have received your complaint",
        TicketType::Feedback => "We have received your feedback",
    },
    received: |ticket_type, number| {
        let what = match ticket_type {
            TicketType::Request => "request",
            TicketType::Complaint => "complaint",
            TicketType::Feedback => "feedback",
        };
        format!(
            "Thank you for contacting us. We have received your {what}; its number is {number}."
        )
    },
    subject: "Subject",
    expect: "What you can expect from us",
    promise: |strength, metric, by| format!("{} {} by {by}.", we(strength), does(metric)),
    late: |metric, due| {
        format!(
            "We are late: {} was due {due}. We are sorry.",
            thing(metric)
        )
    },
    no_promise: "Our policy does not name a time for this.",
    next_hours: |from| {
        format!("We are closed at the moment. Our next working hours begin on {from}.")
    },

    cut: "This message was too long for a mail; its end is missing here.",

    missed_subject: "We are late with your request",
    missed: |number| {
        format!("We are sorry: we have not kept what we promised for your request {number}.")
    },
    promised: |strength, metric, target| {
        format!(
            "Our promise: {} {} within {target}.",
            we_inside(strength),
            does(metric)
        )
    },
    clause: |clause| format!("This is clause {clause} of our policy"),
    was_due: |time| format!("It was due {time}."),
    expected: |time| format!("You can now expect it by {time}."),
    not_expected: "We cannot name a new time yet. Your request stays open until it is dealt with.",

    solved_subject: "Your request is solved",
    solved: |number| format!("We believe that your request {number} is solved."),
    solved_hint: "If it is not, simply reply to this mail and we will reopen it.",

    changed_subject: "Our customer service policy changes",
    changed: |from| format!("A new version of our customer service policy applies from {from}."),
    changed_hint: |number| {
        format!(
            "Your request {number} stays under the version that applies to it now. The new version applies to it only if nothing that we have promised you gets worse."
        )
    },
    changed_policy: "Read the new version",
    own_policy: "Read the version of your request",
};

fn we(strength: Strength) -> &'static str {
    match strength {
        Strength::Target => "We aim to",
        Strength::Commitment => "We will",
    }
}

fn we_inside(strength: Strength) -> &'static str {
    match strength {
        Strength::Target => "we aim to",
        Strength::Commitment => "we will",
    }
}

fn does(metric: Metric) -> &'static str {
    match metric {
        Metric::Acknowledge => "confirm that we have your message",
        Metric::FirstResponse => "give you a first answer",
        Metric::NextResponse => "answer your latest message",
        Metric::Update => "send you an update",
        Metric::Resolution => "solve it",
    }
}

fn thing(metric: Metric) -> &'static str {
    match metric {
        Metric::Acknowledge => "our confirmation",
        Metric::FirstResponse => "a first answer",
        Metric::NextResponse => "the answer to your latest message",
        Metric::Update => "an update",
        Metric::Resolution => "the solution",
    }
}

const STAFF: StaffTexts = StaffTexts {
    opened: Said {
        heading: "New",
        sentence: "A new request has come in.",
    },
    customer_replied: Said {
        heading: "Reply",
        sentence: "The customer has written again.",
    },
    stranger: Said {
        heading: "Unverified",
        sentence: "Somebody who is not a participant has written to the reply address of this ticket. We do not know who it is. The customer does not see it.",
    },
    reopened: Said {
        heading: "Reopened",
        sentence: "The customer has written on this solved ticket; it is open again.",
    },
    assigned: Said {
        heading: "Yours",
        sentence: "This ticket has been assigned to you.",
    },
    warning: Said {
        heading: "Due soon",
        sentence: "A promise on this ticket will be missed if nobody acts soon.",
    },
    breach: Said {
        heading: "Overdue",
        sentence: "A promise on this ticket has been missed and is still to be kept.",
    },
    not_reached: Said {
        heading: "Not delivered",
        sentence: "A mail to the customer cannot be delivered. They have not read it; please find another way to reach them.",
    },
    orders: Said {
        heading: "Your commands",
        sentence: "This is what became of your commands:",
    },
    kept_as_note: Said {
        heading: "Kept as a note",
        sentence: "Your mail has been kept as an internal note. The customer has not got it.",
    },
    handed_over: |tier| {
        format!(
            "This ticket has been handed over to tier {}.",
            tier.as_str()
        )
    },

    number: "Number",
    subject: "Subject",
    no_subject: "(no subject)",
    requester: "Customer",
    unknown: "unknown",
    unverified: "address not verified",
    department: "Department",
    no_department: "not decided yet",
    ticket_type: "Type",
    priority: "Priority",
    status: "Status",
    assignee: "Assigned to",
    nobody: "nobody yet",
    tier: "Tier",
    waiting: "Waiting for",
    policy_version: "Policy version",

    us_since: |time| format!("us, since {time}"),
    us: "us",
    customer: "the customer",
    third_party: "somebody else",
    nobody_waits: "nobody",

    promises: "Promises that are running:",
    no_promises: "No promise is running.",
    promise: "Promise",
    clause: "Clause",
    target: "Target",
    due: "Due",
    missed: "missed",
    internal: "internal",
    level: "Level",
    next: "Next",
    next_level: |level, time, to| format!("{level}, {time}, tells {to}"),
    last_level: "nothing; this is the last level",

    wrote: |who, time| format!("{who} wrote on {time}:"),
    somebody: "Somebody unverified",
    erased: "The text has been erased.",
    empty: "(no text)",
    cut: "Only the beginning stands here; the whole mail is kept.",
    attachments: "Attachments",

    reply_help: "To answer the customer, reply to this mail and write above the line at its top. Whatever stands below it stays here.",
    stranger_help: "Careful: your answer goes to the customer, not to the person who wrote this.",
    order_help: "Lines at the very top that begin with a slash act: /note (colleagues only), /solve, /pending, /hold, /open, /assign NAME, /priority urgent, /department NAME, /escalate L2 REASON, /ack (you have it), /expect 2027-02-12 16:00 REASON, /out-of-scope RULE, /review REASON, /release ENTRY (a stranger's words), /participant add ADDRESS, /merge NUMBER.",
    valid_until: |time| format!("Your answer counts until {time}, and only from your own address."),

    done: "done",
    refused: |why| format!("not done: {why}"),
    refusal: ToString::to_string,
    said_by_ses: "Reason",
    note_reason: |reason| match reason {
        NoteReason::NoMarker => {
            "The line above which you write was not in your mail, so we could not tell your words from quoted ones. Reply again, and leave the quoted mail in place."
        }
        NoteReason::AutoReply => "It looks like an automatic reply.",
        NoteReason::Expired => {
            "The reply address that you wrote to has expired. Reply to a newer mail about this ticket, such as this one."
        }
        NoteReason::NothingAbove => {
            "Nothing stood above the line. Write your answer above it, not below."
        }
        NoteReason::Merged => super::merge::EN.another_customers,
    },

    metric_word: |metric| match metric {
        Metric::Acknowledge => "Acknowledgement",
        Metric::FirstResponse => "First answer",
        Metric::NextResponse => "Next answer",
        Metric::Update => "Update",
        Metric::Resolution => "Resolution",
    },
    status_word: |status| match status {
        Status::New => "new",
        Status::Open => "open",
        Status::Pending => "pending",
        Status::OnHold => "on hold",
        Status::Solved => "solved",
        Status::Closed => "closed",
    },
    priority_word: |priority| match priority {
        Priority::Low => "low",
        Priority::Normal => "normal",
        Priority::High => "high",
        Priority::Urgent => "urgent",
    },
    type_word: |ticket_type| match ticket_type {
        TicketType::Request => "request",
        TicketType::Complaint => "complaint",
        TicketType::Feedback => "feedback",
    },
    recipient_word: |recipient| match recipient {
        Recipient::Assignee => "whoever has the ticket",
        Recipient::Department => "the department",
        Recipient::Lead => "the lead",
        Recipient::Management => "management",
        Recipient::Person(_) => "a named person",
        Recipient::Address(_) => "a named address",
        Recipient::OnCall(_) => "whoever is on call",
    },
};
