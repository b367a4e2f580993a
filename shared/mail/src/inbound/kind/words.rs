//! The words by which machines are known: senders, subjects and phrases, all in lower case.

use crate::words::Words;

static DAEMONS: Words = Words::new(
    "\
    mailerdaemon|maildaemon|mailerdeamon|mdaemon|smtpdaemon|mailadministrator",
);

static DAEMON_NAMES: Words = Words::new(
    "\
    mail delivery subsystem|mail delivery system|mailer-daemon|mailer daemon|mail delivery service|\
    internet mail delivery",
);

static SYSTEMS: Words = Words::new(
    "\
    postmaster|mailsystem|mailmaster|bounce|noreply|donotreply|root|uucp|mailrobot|mailgateway|system|\
    administrator|exchange|dmail|mmdf|mailer",
);

static NO_REPLY: Words = Words::new(
    "\
    noreply|donotreply|dontreply|neplieren|nichtantworten|notificationsnoreply|khongtraloi|nereponse|nepasrepondre|\
    noresponder|naoresponda",
);

static BOUNCE_SUBJECTS: Words = Words::new(
    "\
    undeliver|mail delivery fail|delivery failure|delivery has failed|delivery failed|failed delivery|\
    failure notice|failure notification|delivery status notification|delivery notification|delivery report|\
    returned mail|mail returned|returned to sender|return to sender|mail system error|mail error|\
    mail could not be delivered|could not be delivered|couldn't be delivered|cannot be delivered|\
    can't be delivered|could not send message|mail not delivered|message not delivered|not delivered|non-deliver|\
    nondeliver|non remis|not deliverable|warning: could not send|warning: message|delayed mail|delivery delay|\
    message delayed|mail delayed|delivery problem|delivery error|delivery subsystem|unzustellbar|nicht zustellbar|\
    zustellung fehlgeschlagen|unzustellbarkeit|không gửi được|thư không gửi được|chưa được gửi|échec de la remise|\
    echec de remise|non distribu|no se puede entregar|no entregado|devuelto|mancata consegna|\
    impossibile recapitare|onbestelbaar|não entregue|niedostarczon|nie można dostarczyć|недоставлен|не доставлено|\
    退信|メールエラー通知|系统退信|無法傳遞|无法投递|配信不能|配信できません|user unknown|mail bounce|bounce notification|email bounce|\
    message you sent blocked|message rejected|mail rejected|your message wasn't delivered|\
    message status - undeliverable|mail failure|nondelivery|message delivery failure|undelivered",
);

static BOUNCE_PHRASES: Words = Words::new(
    "\
    could not be delivered|couldn't be delivered|cannot be delivered|can not be delivered|was not delivered|\
    not been delivered|wasn't delivered|unable to deliver|unable to be delivered|delivery to the following|\
    delivery failed|delivery has failed|delivery failure|failed to deliver|undeliverable|undelivered|\
    permanent fatal errors|permanent error|user unknown|unknown user|no such user|mailbox unavailable|\
    mailbox is full|mailbox full|over quota|returned to sender|returned to you|recipient rejected|\
    recipient address rejected|addresses had delivery|host unknown|does not exist|not listed in|\
    message was rejected|delivery attempt|still being retried|bounced|status: 5.|status: 4.|550 |554 |552 |\
    konnte nicht zugestellt|nicht zugestellt werden|không thể gửi|không gửi được|n'a pas pu être|\
    no se pudo entregar|non è stato possibile recapitare|配信できません|宛先|送信できません|无法投递|退回|не удалось доставить|\
    action: failed|diagnostic-code:|final-recipient:|deferred|transaction failed|sorry, i wasn't able",
);

static AUTO_SUBJECTS: Words = Words::new(
    "\
    automatic reply|auto reply|auto-reply|autoreply|auto response|auto-response|autoresponse|auto:|automated reply|\
    automated response|automatic response|out of office|out-of-office|out of the office|i am out of the office|\
    i'm out of|ooo:|away from|on vacation|vacation:|vacation response|on leave|automatische antwort|abwesenheit|\
    abwesend|ich bin nicht im büro|nicht im büro|automatische rückantwort|trả lời tự động|tự động trả lời|\
    thư trả lời tự động|vắng mặt|phản hồi tự động|réponse automatique|absence du bureau|message d'absence|\
    respuesta automática|respuesta automatica|fuera de la oficina|fuera de oficina|risposta automatica|fuori sede|\
    fuori ufficio|automatisch antwoord|afwezig|niet aanwezig|resposta automática|ausência|ausente|\
    automatyczna odpowiedź|autoodpowiedź|poza biurem|автоматический ответ|автоответ|自动回复|自動回覆|自动答复|自動応答|自動返信|不在通知|\
    autosvar|automatisk svar|frånvaro|fravær|poissa|automaattinen vastaus|automatická odpověď|automatikus válasz",
);

static PREFIXES: Words = Words::new("re:|aw:|fwd:|fw:|sv:|antw:");

/// Letters and digits of a local part only, so that `mailer-daemon`, `mailer_daemon` and `MailerDaemon` are one.
fn bare(local: &str) -> String {
    local.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A sender that is a mail server and nothing else.
pub(super) fn daemon(local: &str) -> bool {
    DAEMONS.begin(&bare(local))
}

/// A display name that only mail servers use.
pub(super) fn daemon_name(name: &str) -> bool {
    DAEMON_NAMES.are_in(name)
}

/// A sender that is a mail system but might also be a person's desk.
pub(super) fn system(local: &str) -> bool {
    SYSTEMS.begin(&bare(local))
}

/// The sender that RFC 2142 reserves for mail trouble.
pub(super) fn postmaster(local: &str) -> bool {
    bare(local).starts_with("postmaster")
}

/// A sender that says it reads no answers.
pub(super) fn no_reply(local: &str) -> bool {
    let bare = bare(local);
    NO_REPLY.begin(&bare) || NO_REPLY.ending(&bare).next().is_some()
}

/// A subject of a delivery failure or delay.
pub(super) fn bounce_subject(subject: &str) -> bool {
    BOUNCE_SUBJECTS.are_in(subject)
}

/// Phrases of a delivery failure in a body.
pub(super) fn bounce_body(body: &str) -> bool {
    BOUNCE_PHRASES.are_in(body)
}

/// A subject that automatic replies begin with, in the words of the common mail programs.
pub(super) fn auto_subject(subject: &str) -> bool {
    let mut rest = subject.trim();
    while let Some(prefix) = PREFIXES.beginning(rest).next() {
        rest = rest[prefix.len()..].trim_start();
    }
    AUTO_SUBJECTS.begin(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_known_however_they_are_written() {
        assert!(daemon("mailer-daemon") && daemon("mailer_daemon+x"));
        assert!(no_reply("no-reply") && no_reply("do_not_reply") && no_reply("billing-noreply"));
        assert!(!no_reply("norbert") && !daemon("dana"));
    }

    #[test]
    fn automatic_subjects_are_known_at_their_beginning_only() {
        assert!(auto_subject("re: automatic reply: your order"));
        assert!(auto_subject("abwesenheitsnotiz: ihre anfrage"));
        assert!(!auto_subject("please switch off my automatic reply"));
    }
}
