//! German.

use policy::{Metric, Status, Strength, TicketType};
use ticket::Withheld;

use super::{Fault, Texts};

pub(crate) const DE: Texts = Texts {
    tag: "de",

    language: "Sprache",
    skip: "Zum Inhalt springen",
    error_prefix: "Fehler",
    new_request: "Schreiben Sie uns",
    policy: "Unsere Kundenservice-Richtlinie",
    privacy: "Datenschutzerklärung",

    form_title: "Schreiben Sie uns",
    form_intro: "Sie erhalten sofort eine Nummer für Ihr Anliegen und den Zeitpunkt, bis zu dem Sie mit einer Antwort rechnen können.",
    optional: "(freiwillig)",
    email: "Ihre E-Mail-Adresse",
    email_hint: "Dorthin geht unsere Antwort.",
    name: "Ihr Name",
    type_question: "Worum handelt es sich?",
    department_question: "An wen soll es gehen?",
    service_question: "Um welche Leistung geht es?",
    unsure: "Ich bin nicht sicher",
    subject: "Betreff",
    message: "Ihre Nachricht",
    message_hint: "Höchstens 20.000 Zeichen. Bitte senden Sie keine Passwörter und keine Kartennummern; was wir davon erkennen, machen wir vor dem Speichern unkenntlich.",
    send: "Absenden",
    faults_title: "Bitte korrigieren Sie dies vor dem Absenden",
    sent_before: "Dieses Formular wurde schon einmal mit anderem Inhalt abgesendet. Wenn Sie auch diesen Inhalt senden möchten, drücken Sie noch einmal „Absenden“.",

    promises_title: "Was wir zusagen",
    promises_intro: "Wenn Sie jetzt absenden:",
    no_promise: "Unsere Richtlinie nennt hierfür keine Zeit.",
    next_hours: |from| {
        format!(
            "Zurzeit ist bei uns geschlossen. Wir kümmern uns in der nächsten Servicezeit darum; sie beginnt am {from}."
        )
    },
    at_once: "Sofort, auf der nächsten Seite, und per E-Mail",
    paused: "Steht still, solange wir auf Sie oder auf andere warten",
    why: "Warum diese Zeit?",

    thanks_title: "Vielen Dank, Ihre Nachricht ist bei uns",
    number_is: "Ihre Nummer lautet",
    expect_title: "Womit Sie rechnen können",
    mailed: "Wir bestätigen den Eingang auch per E-Mail.",
    link_text: "Seite Ihres Anliegens öffnen",
    link_hint: "Sie zeigt Ihre Nachrichten und unsere Antworten. Behalten Sie die Adresse für sich: Wer sie hat, kann Ihr Anliegen lesen und dazu schreiben.",
    policy_version: "Fassung der Richtlinie",

    status_title: "Stand",
    messages_title: "Nachrichten",
    you: "Sie",
    somebody_else: "Eine weitere beteiligte Person",
    taking_part: "Wer beteiligt ist",
    requester: "Wer dieses Anliegen gestellt hat",
    erased: "Der Text dieser Nachricht wurde gelöscht.",
    cut: "Hier steht nur der Anfang. Die ganze Nachricht liegt uns vor.",
    quoted: "Zitierter Text",
    attachments: "Angehängte Dateien",
    not_here: |why| match why {
        Some(Withheld::Virus) => "zurückgehalten: in der E-Mail wurde ein Virus gefunden",
        Some(Withheld::Secret) => "zurückgehalten: enthält vertrauliche Angaben",
        Some(Withheld::TooMany) | None => "liegt uns vor, lässt sich hier aber nicht öffnen",
    },
    reply_title: "Zu diesem Anliegen schreiben",
    conduct: |clause| {
        let clause = clause.map_or_else(String::new, |clause| format!(" ({clause})"));
        format!(
            "Es gelten unsere Regeln zum Umgangston{clause}. Ist der Support für eine Adresse danach eingeschränkt, steht auf der Seite des Anliegens, was weiterhin möglich ist; den Link dorthin senden wir an diese Adresse."
        )
    },
    no_more: "Zu diesem Anliegen kann nichts mehr ergänzt werden. Wenn Sie weitere Hilfe brauchen, schreiben Sie uns bitte neu.",

    have_it_title: "Diese Eskalation",
    have_it: |number| {
        format!(
            "Sie bestätigen, dass Sie sich um Ticket {number} kümmern. An das, was bisher gemeldet wurde, wird dann niemand mehr erinnert; die Fristen laufen weiter."
        )
    },
    have_it_button: "Ich kümmere mich darum",
    have_it_done: |number| {
        format!(
            "Danke. Es ist vermerkt, dass Sie sich um Ticket {number} kümmern; die Erinnerungen enden."
        )
    },
    have_it_nothing: |number| {
        format!(
            "Bei Ticket {number} ist nichts zu übernehmen; jemand kümmert sich schon darum, oder es ist erledigt."
        )
    },

    not_found_title: "Hier gibt es nichts",
    not_found: "Wenn Sie einem Link aus einer unserer E-Mails gefolgt sind, prüfen Sie bitte, ob er vollständig ist.",
    closed_desk_title: "Noch nicht geöffnet",
    closed_desk: "Dieser Kundenservice ist noch nicht geöffnet; bitte kommen Sie später wieder.",
    closed_desk_operator: "Wenn es Ihrer ist, veröffentlichen Sie eine Richtlinie mit `troth policy publish DIR`.",
    too_many_title: "Bitte warten Sie einige Minuten",
    too_many: "Aus Ihrem Netz sind in kurzer Zeit sehr viele Anliegen gekommen. Ihres wurde nicht angenommen. Gehen Sie bitte zurück und senden Sie es in etwa zehn Minuten noch einmal, oder schreiben Sie uns eine E-Mail.",
    busy_title: "Bitte versuchen Sie es gleich noch einmal",
    busy: "Das ließ sich gerade nicht abschließen. Laden Sie die Seite in einigen Sekunden neu; es geschieht nichts doppelt.",
    broken_title: "Bei uns ist etwas schiefgegangen",
    broken: "Wir haben es vermerkt. Wenn es eilt, schreiben Sie uns bitte eine E-Mail.",
    unreadable_title: "Das konnten wir nicht lesen",
    unreadable: "Bitte verwenden Sie das Formular auf dieser Seite. Eine Nachricht darf höchstens 20.000 Zeichen haben.",
    policy_absent: "Der Text unserer Richtlinie ist hier zurzeit nicht verfügbar.",
    policy_now: "Zur derzeit gültigen Fassung",
    not_yet_in_force: "Diese Fassung gilt noch nicht.",
    no_longer_in_force: "Diese Fassung gilt nicht mehr.",
    versions_title: "Alle Fassungen",
    in_force_from: |time| format!("Gültig ab {time}"),
    busier: |until| format!("Bei uns ist bis {until} mehr los als gewöhnlich."),

    ticket_title: |number| format!("Ihr Anliegen {number}"),
    prevails: |language| format!("Verbindlich ist der Text in dieser Sprache: {language}."),
    by: |strength, time| match strength {
        Strength::Commitment => format!("Zugesagt bis {time}"),
        Strength::Target => format!("Unser Ziel: bis {time}"),
    },
    within: |strength, target| match strength {
        Strength::Commitment => format!("Zugesagte Frist: {target}"),
        Strength::Target => format!("Unser Ziel: {target}"),
    },
    kept: |time| format!("Erledigt: {time}"),
    kept_late: |time, due| format!("Verspätet erledigt: {time}. Fällig war es: {due}."),
    missed: |due| format!("Das haben wir nicht eingehalten. Fällig war es: {due}."),
    expected_by: |time| format!("Voraussichtlich abgeschlossen bis {time}."),
    expected: |time| format!("Sie können nun damit rechnen bis: {time}."),
    fault,
    metric: |metric| match metric {
        Metric::Acknowledge => "Eingangsbestätigung",
        Metric::FirstResponse => "Erste Antwort",
        Metric::NextResponse => "Antwort auf das, was Sie danach schreiben",
        Metric::Update => "Nachricht zum Stand",
        Metric::Resolution => "Lösung",
    },
    goes_on: |number| format!("Es geht zusammen mit Ihrem Anliegen {number} weiter."),
    goes_on_link: "Dieses Anliegen öffnen, um weiterzulesen und zu schreiben",
    came_with: "Zusammen damit bearbeitet:",
    status: |status| match status {
        Status::New => "Es ist eingegangen; wir haben noch nicht geantwortet.",
        Status::Open => "Wir arbeiten daran.",
        Status::Pending => "Wir haben geantwortet und warten auf Sie.",
        Status::OnHold => "Wir warten auf jemand anderen, bevor es weitergeht.",
        Status::Solved => {
            "Wir halten es für gelöst. Wenn nicht, schreiben Sie unten, und es ist wieder offen."
        }
        Status::Closed => "Es ist abgeschlossen.",
    },
    ticket_type: |ticket_type| match ticket_type {
        TicketType::Request => "Eine Frage oder Bitte",
        TicketType::Complaint => "Eine Beschwerde",
        TicketType::Feedback => "Eine Rückmeldung",
    },
};

fn fault(fault: &Fault) -> String {
    match fault {
        Fault::Missing => "fehlt; bitte ausfüllen.".to_owned(),
        Fault::TooLong(most) => format!("ist zu lang; höchstens {most} Zeichen."),
        Fault::NotAnAddress => {
            "ist keine E-Mail-Adresse; schreiben Sie zum Beispiel name@example.com.".to_owned()
        }
        Fault::NotOneLine => "muss eine einzelne Textzeile sein.".to_owned(),
        Fault::NotOffered(offered) => format!("ist keine der Möglichkeiten: {offered}."),
        Fault::UnknownField => "ist kein Feld dieses Formulars.".to_owned(),
        Fault::Twice => "wurde mehrmals angegeben.".to_owned(),
        Fault::NotText => "muss ein Text in Anführungszeichen sein.".to_owned(),
        Fault::UnknownZone => {
            "ist keine Zeitzone; schreiben Sie zum Beispiel Europe/Berlin.".to_owned()
        }
        Fault::NotAKey => "ist kein Schlüssel; höchstens 200 druckbare ASCII-Zeichen.".to_owned(),
        Fault::KeyUsed => {
            "wurde schon für eine andere Anfrage benutzt; nehmen Sie einen neuen Schlüssel."
                .to_owned()
        }
    }
}
