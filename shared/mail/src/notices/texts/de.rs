//! German.

use policy::{Metric, Priority, Recipient, Status, Strength, TicketType};
use ticket::{NoteReason, Refusal};

use super::{CustomerTexts, Said, StaffTexts, Texts};

pub(super) const DE: Texts = Texts {
    tag: "de",
    customer: CUSTOMER,
    staff: STAFF,
    explain: super::explain::DE,
    progress: super::progress::DE,
    too_much: super::too_much::DE,
    people: super::people::DE,
    files: super::files::DE,
    merge: super::merge::DE,
    digest: super::digest::DE,
};

const CUSTOMER: CustomerTexts = CustomerTexts {
    hello: |name| match name {
        Some(name) => format!("Guten Tag {name},"),
        None => "Guten Tag,".to_owned(),
    },
    your_request: "Ihr Anliegen",
    page: "Anliegen online ansehen",
    page_hint: "Dort finden Sie Ihre Nachrichten und unsere Antworten. Bitte geben Sie den Link nicht weiter: Wer ihn hat, kann Ihr Anliegen lesen und dazu schreiben.",
    reply_hint: "Wenn Sie etwas ergänzen möchten, antworten Sie einfach auf diese E-Mail.",
    privacy: "Datenschutzerklärung",
    policy_of: |version| format!("Unsere Kundenservice-Richtlinie, Fassung {version}"),

    received_subject: |ticket_type| match ticket_type {
        TicketType::Request => "Ihr Anliegen ist bei uns eingegangen",
        TicketType::Complaint => "Ihre Beschwerde ist bei uns eingegangen",
        TicketType::Feedback => "Ihre Rückmeldung ist bei uns eingegangen",
    },
    received: |ticket_type, number| {
        let what = match ticket_type {
            TicketType::Request => "Ihr Anliegen",
            TicketType::Complaint => "Ihre Beschwerde",
            TicketType::Feedback => "Ihre Rückmeldung",
        };
        format!(
            "vielen Dank für Ihre Nachricht. {what} ist unter der Nummer {number} bei uns eingegangen."
        )
    },
    subject: "Betreff",
    expect: "Womit Sie rechnen können",
    promise: |strength, metric, by| {
        let we = match strength {
            Strength::Target => "Wir wollen",
            Strength::Commitment => "Wir werden",
        };
        let (before, after) = match metric {
            Metric::Acknowledge => ("Ihnen bis", "den Eingang bestätigen"),
            Metric::FirstResponse => ("Ihnen bis", "eine erste Antwort geben"),
            Metric::NextResponse => ("Ihnen bis", "auf Ihre letzte Nachricht antworten"),
            Metric::Update => ("Ihnen bis", "den Stand mitteilen"),
            Metric::Resolution => ("Ihr Anliegen bis", "lösen"),
        };
        format!("{we} {before} {by} {after}.")
    },
    late: |metric, due| {
        format!(
            "Wir sind in Verzug: Fällig war {} am {due}. Das tut uns leid.",
            thing(metric)
        )
    },
    no_promise: "Unsere Richtlinie nennt hierfür keine Frist.",
    next_hours: |from| {
        format!(
            "Zurzeit ist unser Service nicht besetzt. Die nächste Servicezeit beginnt am {from}."
        )
    },

    cut: "Diese Nachricht war zu lang für eine E-Mail; hier fehlt ihr Ende.",

    missed_subject: "Ihr Anliegen dauert leider länger",
    missed: |number| {
        format!(
            "es tut uns leid: Bei Ihrem Anliegen {number} haben wir unsere Frist nicht eingehalten."
        )
    },
    promised: |strength, metric, target| {
        let promise = match strength {
            Strength::Target => "Unser Ziel",
            Strength::Commitment => "Unsere Zusage",
        };
        format!("{promise}: {}; die Frist dafür: {target}.", thing(metric))
    },
    clause: |clause| format!("In unserer Richtlinie steht das unter {clause}"),
    was_due: |time| format!("Fällig war es am {time}."),
    expected: |time| format!("Sie können nun bis {time} damit rechnen."),
    not_expected: "Einen neuen Zeitpunkt können wir noch nicht nennen. Ihr Anliegen bleibt offen, bis es erledigt ist.",

    solved_subject: "Ihr Anliegen ist gelöst",
    solved: |number| format!("aus unserer Sicht ist Ihr Anliegen {number} gelöst."),
    solved_hint: "Sollte das nicht stimmen, antworten Sie einfach auf diese E-Mail. Dann öffnen wir es wieder.",

    changed_subject: "Unsere Kundenservice-Richtlinie ändert sich",
    changed: |from| format!("ab {from} gilt eine neue Fassung unserer Kundenservice-Richtlinie."),
    changed_hint: |number| {
        format!(
            "Für Ihr Anliegen {number} bleibt die bisherige Fassung maßgeblich. Die neue gilt dafür nur, wenn sich nichts von dem verschlechtert, was wir Ihnen zugesagt haben."
        )
    },
    changed_policy: "Neue Fassung lesen",
    own_policy: "Für Ihr Anliegen geltende Fassung lesen",
};

fn thing(metric: Metric) -> &'static str {
    match metric {
        Metric::Acknowledge => "die Eingangsbestätigung",
        Metric::FirstResponse => "eine erste Antwort",
        Metric::NextResponse => "die Antwort auf Ihre letzte Nachricht",
        Metric::Update => "eine Nachricht zum Stand",
        Metric::Resolution => "die Lösung",
    }
}

const STAFF: StaffTexts = StaffTexts {
    opened: Said {
        heading: "Neu",
        sentence: "Ein neues Anliegen ist eingegangen.",
    },
    customer_replied: Said {
        heading: "Antwort",
        sentence: "Die Kundin oder der Kunde hat wieder geschrieben.",
    },
    stranger: Said {
        heading: "Ungeprüft",
        sentence: "An die Antwortadresse dieses Tickets hat jemand geschrieben, der nicht beteiligt ist. Wir wissen nicht, wer es ist. Kundinnen und Kunden sehen es nicht.",
    },
    reopened: Said {
        heading: "Wieder offen",
        sentence: "Zu diesem gelösten Ticket ist eine Nachricht eingegangen; es ist wieder offen.",
    },
    assigned: Said {
        heading: "Für Sie",
        sentence: "Dieses Ticket ist Ihnen zugewiesen.",
    },
    warning: Said {
        heading: "Bald fällig",
        sentence: "Eine Zusage zu diesem Ticket ist bald fällig. Wenn niemand handelt, wird sie nicht eingehalten.",
    },
    breach: Said {
        heading: "Überfällig",
        sentence: "Eine Zusage zu diesem Ticket wurde nicht eingehalten und ist weiter offen.",
    },
    not_reached: Said {
        heading: "Nicht zugestellt",
        sentence: "Eine E-Mail an die Kundin oder den Kunden ist nicht zustellbar und wurde nicht gelesen. Bitte versuchen Sie es auf einem anderen Weg.",
    },
    orders: Said {
        heading: "Ihre Befehle",
        sentence: "Das ist aus Ihren Befehlen geworden:",
    },
    kept_as_note: Said {
        heading: "Als Notiz abgelegt",
        sentence: "Ihre E-Mail ist als interne Notiz abgelegt. An die Kundin oder den Kunden ging sie nicht.",
    },
    handed_over: |tier| format!("Dieses Ticket geht an Stufe {}.", tier.as_str()),

    number: "Nummer",
    subject: "Betreff",
    no_subject: "(ohne Betreff)",
    requester: "Von",
    unknown: "unbekannt",
    unverified: "Adresse nicht geprüft",
    department: "Abteilung",
    no_department: "noch nicht entschieden",
    ticket_type: "Art",
    priority: "Priorität",
    status: "Status",
    assignee: "Zugewiesen an",
    nobody: "noch niemand",
    tier: "Stufe",
    waiting: "Wartet auf",
    policy_version: "Fassung der Richtlinie",

    us_since: |time| format!("uns, seit {time}"),
    us: "uns",
    customer: "die Kundin oder den Kunden",
    third_party: "Dritte",
    nobody_waits: "niemanden",

    promises: "Laufende Zusagen:",
    no_promises: "Es läuft keine Zusage.",
    promise: "Zusage",
    clause: "Klausel",
    target: "Frist",
    due: "Fällig",
    missed: "nicht eingehalten",
    internal: "intern",
    level: "Stufe der Eskalation",
    next: "Als Nächstes",
    next_level: |level, time, to| format!("{level}, {time}, geht an {to}"),
    last_level: "nichts; das ist die letzte Stufe",

    wrote: |who, time| format!("{who} schrieb am {time}:"),
    somebody: "Eine ungeprüfte Person",
    erased: "Der Text wurde gelöscht.",
    empty: "(kein Text)",
    cut: "Hier steht nur der Anfang; die ganze E-Mail ist aufbewahrt.",
    attachments: "Anhänge",

    reply_help: "Um der Kundin oder dem Kunden zu antworten, beantworten Sie diese E-Mail und schreiben Sie über die Zeile ganz oben. Was darunter steht, bleibt hier.",
    stranger_help: "Achtung: Ihre Antwort geht an die Kundin oder den Kunden, nicht an die Person, die dies geschrieben hat.",
    order_help: "Zeilen ganz oben, die mit einem Schrägstrich beginnen, sind Befehle: /note (nur für das Team), /solve, /pending, /hold, /open, /assign NAME, /priority urgent, /department NAME, /escalate L2 GRUND, /ack (Sie kümmern sich), /expect 2027-02-12 16:00 GRUND, /out-of-scope REGEL, /review GRUND, /release EINTRAG (Worte Außenstehender), /participant add ADRESSE, /merge NUMMER.",
    valid_until: |time| {
        format!("Ihre Antwort zählt bis {time}, und nur von Ihrer eigenen Adresse.")
    },

    done: "ausgeführt",
    refused: |why| format!("nicht ausgeführt: {why}"),
    refusal,
    said_by_ses: "Grund",
    note_reason: |reason| match reason {
        NoteReason::NoMarker => {
            "Die Zeile, über der Sie schreiben, fehlte in Ihrer E-Mail; so war nicht zu erkennen, was von Ihnen ist und was zitiert. Antworten Sie bitte noch einmal und lassen Sie die zitierte E-Mail stehen."
        }
        NoteReason::AutoReply => "Sie sieht nach einer automatischen Antwort aus.",
        NoteReason::Expired => {
            "Die Antwortadresse, an die Sie geschrieben haben, ist abgelaufen. Antworten Sie auf eine neuere E-Mail zu diesem Ticket, zum Beispiel auf diese."
        }
        NoteReason::NothingAbove => {
            "Über der Zeile stand nichts. Schreiben Sie Ihre Antwort darüber, nicht darunter."
        }
        NoteReason::Merged => super::merge::DE.another_customers,
    },

    metric_word: |metric| match metric {
        Metric::Acknowledge => "Eingangsbestätigung",
        Metric::FirstResponse => "Erste Antwort",
        Metric::NextResponse => "Nächste Antwort",
        Metric::Update => "Nachricht zum Stand",
        Metric::Resolution => "Lösung",
    },
    status_word: |status| match status {
        Status::New => "neu",
        Status::Open => "offen",
        Status::Pending => "wartet auf Antwort",
        Status::OnHold => "angehalten",
        Status::Solved => "gelöst",
        Status::Closed => "geschlossen",
    },
    priority_word: |priority| match priority {
        Priority::Low => "niedrig",
        Priority::Normal => "normal",
        Priority::High => "hoch",
        Priority::Urgent => "dringend",
    },
    type_word: |ticket_type| match ticket_type {
        TicketType::Request => "Anliegen",
        TicketType::Complaint => "Beschwerde",
        TicketType::Feedback => "Rückmeldung",
    },
    recipient_word: |recipient| match recipient {
        Recipient::Assignee => "die Person, die das Ticket hat",
        Recipient::Department => "die Abteilung",
        Recipient::Lead => "die Leitung der Abteilung",
        Recipient::Management => "die Geschäftsleitung",
        Recipient::Person(_) => "eine benannte Person",
        Recipient::Address(_) => "eine benannte Adresse",
        Recipient::OnCall(_) => "der Bereitschaftsdienst",
    },
};

fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::TicketIsClosed => "das Ticket ist geschlossen; öffnen Sie ein neues".to_owned(),
        Refusal::TicketIsFull => "das Ticket ist voll; öffnen Sie ein neues".to_owned(),
        Refusal::TooMuchAtOnce => {
            "zu viele Änderungen auf einmal; geben Sie weniger Befehle in einer E-Mail".to_owned()
        }
        Refusal::NotAParticipant => "wer schreibt, ist an diesem Ticket nicht beteiligt".to_owned(),
        Refusal::UnknownPerson(name) => {
            format!("„{name}“ steht nicht in der Richtlinie; nehmen Sie einen ihrer Namen")
        }
        Refusal::UnknownDepartment(name) => {
            format!("die Abteilung „{name}“ gibt es nicht; nehmen Sie eine der Richtlinie")
        }
        Refusal::UnknownPriority(name) => format!(
            "die Priorität „{name}“ gibt es nicht; nehmen Sie low, normal, high oder urgent"
        ),
        Refusal::UnknownTier(name) => {
            format!("die Stufe „{name}“ gibt es nicht; nehmen Sie L1, L2 oder L3")
        }
        Refusal::UnknownOrder(name) => format!(
            "den Befehl „/{name}“ gibt es nicht; nehmen Sie /note, /open, /pending, /hold, /solve, /assign, /priority, /department, /escalate, /ack, /expect, /out-of-scope, /release, /participant, /merge oder /review"
        ),
        Refusal::ReasonMissing => {
            "eine Übergabe braucht einen Grund, etwa „/escalate L2 braucht Datenbankwissen“"
                .to_owned()
        }
        Refusal::NotATime(text) => format!(
            "„{text}“ ist keine Zeit, die noch kommt; schreiben Sie „2027-02-12“ oder „2027-02-12 16:00“ und dahinter den Grund"
        ),
        Refusal::UnknownScope(name, known) => {
            format!("die Regel „{name}“ gibt es nicht; nehmen Sie eine der Richtlinie: {known}")
        }
        Refusal::NothingToReview => {
            "überprüft werden nur Beschwerden, und nur, wenn die Richtlinie das vorsieht".to_owned()
        }
        Refusal::NothingWithheld(entry, waiting) => {
            format!("„{entry}“ ist kein Eintrag, der auf Freigabe wartet; es warten: {waiting}")
        }
        Refusal::NotAnEntry(text) => format!(
            "„{text}“ ist kein Eintrag; schreiben Sie seine Nummer, etwa „/release 5“: sie steht in der E-Mail, die ihn gemeldet hat"
        ),
        Refusal::ParticipantHow => "schreiben Sie „/participant add ADRESSE“, „/participant add ADRESSE earlier“, damit auch Früheres zu lesen ist, oder „/participant remove ADRESSE“".to_owned(),
        Refusal::OwnAddress => {
            "das ist eine unserer eigenen Adressen; E-Mails dorthin kämen zu uns zurück".to_owned()
        }
        Refusal::TheRequester => {
            "wer das Anliegen gestellt hat, bleibt daran beteiligt".to_owned()
        }
        Refusal::HadAPart(name) => {
            format!("{name} war an dieser Beschwerde beteiligt; jemand anders muss sie überprüfen")
        }
        Refusal::Merge(why) => super::merge::refused_in_german(why),
        Refusal::AlreadySo => "es gibt nichts zu ändern, es ist schon so".to_owned(),
        Refusal::StatusNotByHand(status) => format!(
            "der Status „{}“ lässt sich nicht von Hand setzen",
            (STAFF.status_word)(*status)
        ),
    }
}
