//! English.

use policy::{Metric, Status, Strength, TicketType};
use ticket::Withheld;

use super::{Fault, Texts};

pub(crate) const EN: Texts = Texts {
    tag: "en",

    language: "Language",
    skip: "Skip to the content",
    error_prefix: "Error",
    new_request: "Write to us",
    policy: "Our customer service policy",
    privacy: "Privacy policy",

    form_title: "Write to us",
    form_intro: "You get a number for your request at once, and the time by which you can expect an answer.",
    optional: "(optional)",
    email: "Your e-mail address",
    email_hint: "Our answer goes there.",
    name: "Your name",
    type_question: "What is it?",
    department_question: "Who should get it?",
    service_question: "Which service is it about?",
    unsure: "I am not sure",
    subject: "Subject",
    message: "Your message",
    message_hint: "At most 20,000 characters. Please send no passwords and no card numbers; we mask those that we recognise before we store your message.",
    send: "Send",
    faults_title: "Please correct this before you send it",
    sent_before: "This form has been sent before, with other words. To send these as well, press “Send” again.",

    promises_title: "What we promise",
    promises_intro: "If you send it now:",
    no_promise: "Our policy names no time for this.",
    next_hours: |from| {
        format!(
            "We are closed at this moment. We will deal with it in our next working hours, which begin on {from}."
        )
    },
    at_once: "At once, on the next page, and by e-mail",
    paused: "Stands still while we wait for you or for somebody else",
    why: "Why this time?",

    thanks_title: "Thank you, we have your message",
    number_is: "Its number is",
    expect_title: "What you can expect",
    mailed: "We also confirm it by e-mail.",
    link_text: "Open the page of your request",
    link_hint: "It shows your messages and our answers. Keep its address to yourself: whoever has it can read your request and write on it.",
    policy_version: "Policy version",

    status_title: "Where it stands",
    messages_title: "Messages",
    you: "You",
    somebody_else: "Another participant",
    taking_part: "Who takes part",
    requester: "The person who made this request",
    erased: "The text of this message has been erased.",
    cut: "Only the beginning is shown here. We have the whole message.",
    quoted: "Quoted text",
    attachments: "Attached files",
    not_here: |why| match why {
        Some(Withheld::Virus) => "held back: a scanner found a virus in the mail",
        Some(Withheld::Secret) => "held back: it holds confidential data",
        Some(Withheld::TooMany) | None => "we have it, but it cannot be opened here",
    },
    reply_title: "Write on this request",
    conduct: |clause| {
        let clause = clause.map_or_else(String::new, |clause| format!(" ({clause})"));
        format!(
            "Our rules of conduct{clause} apply. Where they limit support for an address, its owner reads on the page of the ticket what is still possible; the link to it is mailed to that address."
        )
    },
    no_more: "Nothing can be added to this request any more. If you need more help, please write to us again.",

    have_it_title: "This escalation",
    have_it: |number| {
        format!(
            "You say that you have ticket {number}. Nobody is reminded of it again for what has been told so far; its clocks run on."
        )
    },
    have_it_button: "I have it",
    have_it_done: |number| {
        format!("Thank you. It is noted that you have ticket {number}; the reminders stop.")
    },
    have_it_nothing: |number| {
        format!(
            "Nothing is waiting to be taken on ticket {number}; it has been taken already, or it is done."
        )
    },

    not_found_title: "There is nothing here",
    not_found: "If you followed a link from one of our mails, please check that it is complete.",
    closed_desk_title: "Not open yet",
    closed_desk: "This support desk is not open yet; please come back later.",
    closed_desk_operator: "If it is yours, publish a policy with `troth policy publish DIR`.",
    too_many_title: "Please wait a few minutes",
    too_many: "Very many requests have come from your network within a short time. Your request was not taken. Go back, and send it again in about ten minutes, or write to us by e-mail.",
    busy_title: "Please try again in a moment",
    busy: "We could not finish this just now. Reload the page in a few seconds; nothing is done twice.",
    broken_title: "Something went wrong on our side",
    broken: "We have noted it. If it is urgent, please write to us by e-mail.",
    unreadable_title: "We could not read that",
    unreadable: "Please use the form on this site. A message can have at most 20,000 characters.",
    policy_absent: "The text of our policy is not available here at the moment.",
    policy_now: "Read the version that is in force now",
    not_yet_in_force: "This version is not in force yet.",
    no_longer_in_force: "This version is no longer in force.",
    versions_title: "All versions",
    in_force_from: |time| format!("In force from {time}"),
    busier: |until| format!("We are busier than usual until {until}."),

    ticket_title: |number| format!("Your request {number}"),
    prevails: |language| format!("The text in this language is binding: {language}."),
    by: |strength, time| match strength {
        Strength::Commitment => format!("We will, by {time}"),
        Strength::Target => format!("We aim to, by {time}"),
    },
    within: |strength, target| match strength {
        Strength::Commitment => format!("We will, within {target}"),
        Strength::Target => format!("We aim to, within {target}"),
    },
    kept: |time| format!("Done: {time}"),
    kept_late: |time, due| format!("Done late: {time}. It was due {due}."),
    missed: |due| format!("We missed this. It was due {due}."),
    expected_by: |time| format!("We expect to be done by {time}."),
    expected: |time| format!("You can now expect it by {time}."),
    fault,
    metric: |metric| match metric {
        Metric::Acknowledge => "Confirm that we have it",
        Metric::FirstResponse => "Give a first answer",
        Metric::NextResponse => "Answer what you write after that",
        Metric::Update => "Tell you how it goes",
        Metric::Resolution => "Solve it",
    },
    goes_on: |number| format!("It goes on together with your request {number}."),
    goes_on_link: "Open that request to read on and to write",
    came_with: "Handled together with it:",
    status: |status| match status {
        Status::New => "We have received it and not answered yet.",
        Status::Open => "We are working on it.",
        Status::Pending => "We have answered and are waiting for you.",
        Status::OnHold => "We are waiting for somebody else before we can go on.",
        Status::Solved => {
            "We believe it is solved. If it is not, write below, and it is open again."
        }
        Status::Closed => "It is closed.",
    },
    ticket_type: |ticket_type| match ticket_type {
        TicketType::Request => "A question or a request",
        TicketType::Complaint => "A complaint",
        TicketType::Feedback => "Feedback",
    },
};

fn fault(fault: &Fault) -> String {
    match fault {
        Fault::Missing => "is missing; please fill it in.".to_owned(),
        Fault::TooLong(most) => format!("is too long; at most {most} characters."),
        Fault::NotAnAddress => {
            "is not an e-mail address; write one such as name@example.com.".to_owned()
        }
        Fault::NotOneLine => "must be one line of text.".to_owned(),
        Fault::NotOffered(offered) => format!("is not one of the choices: {offered}."),
        Fault::UnknownField => "is not a field of this form.".to_owned(),
        Fault::Twice => "was given more than once.".to_owned(),
        Fault::NotText => "must be a text in quotes.".to_owned(),
        Fault::UnknownZone => "is not a time zone; write one such as Australia/Sydney.".to_owned(),
        Fault::NotAKey => "is not a key; at most 200 printable ASCII characters.".to_owned(),
        Fault::KeyUsed => "was used before with another request; use a new key.".to_owned(),
    }
}
