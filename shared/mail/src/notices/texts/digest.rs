//! What is told of requests whose acknowledgements were held: their numbers, in each language.

/// The words of one language.
pub(in crate::notices) struct DigestTexts {
    pub(in crate::notices) subject: &'static str,
    pub(in crate::notices) received: &'static str,
    pub(in crate::notices) numbers: &'static str,
    pub(in crate::notices) more: fn(count: u32) -> String,
    pub(in crate::notices) hint: &'static str,
    /// Where an answer to this mail goes.
    pub(in crate::notices) answers: fn(number: &str) -> String,
    pub(in crate::notices) not_you: &'static str,
}

pub(super) const EN: DigestTexts = DigestTexts {
    subject: "We have received your requests",
    received: "We have received further requests in which this address is given. So many came within a day that we confirm them together, with this one mail.",
    numbers: "Their numbers are:",
    more: |count| match count {
        1 => "and 1 more.".to_owned(),
        count => format!("and {count} more."),
    },
    hint: "Each of them is being handled. You do not need to send any of them again.",
    answers: |number| {
        format!("If you reply to this mail, your reply is added to request {number}.")
    },
    not_you: "If you have not written to us, somebody else has given your address. You need not do anything then.",
};

pub(super) const DE: DigestTexts = DigestTexts {
    subject: "Ihre Anliegen sind bei uns eingegangen",
    received: "bei uns sind weitere Anliegen eingegangen, in denen diese Adresse angegeben ist. Weil es an einem Tag so viele waren, bestätigen wir sie gemeinsam mit dieser einen E-Mail.",
    numbers: "Das sind ihre Nummern:",
    more: |count| match count {
        1 => "und 1 weiteres.".to_owned(),
        count => format!("und {count} weitere."),
    },
    hint: "Jedes davon wird bearbeitet. Sie müssen nichts noch einmal senden.",
    answers: |number| {
        format!(
            "Wenn Sie auf diese E-Mail antworten, fügen wir Ihre Antwort dem Anliegen {number} hinzu."
        )
    },
    not_you: "Falls Sie uns nicht geschrieben haben, hat jemand anderes Ihre Adresse angegeben. Dann müssen Sie nichts tun.",
};

pub(super) const VI: DigestTexts = DigestTexts {
    subject: "Chúng tôi đã nhận được các yêu cầu của quý khách",
    received: "Chúng tôi đã nhận được thêm các yêu cầu có ghi địa chỉ e-mail này. Do số lượng trong ngày khá nhiều, chúng tôi xin xác nhận chung trong một e-mail.",
    numbers: "Mã số của các yêu cầu:",
    more: |count| format!("và {count} yêu cầu khác."),
    hint: "Tất cả các yêu cầu đều đang được xử lý, quý khách không cần gửi lại.",
    answers: |number| {
        format!(
            "Nếu quý khách trả lời e-mail này, nội dung trả lời sẽ được thêm vào yêu cầu {number}."
        )
    },
    not_you: "Nếu quý khách không gửi yêu cầu nào, có thể người khác đã ghi địa chỉ của quý khách. Khi đó quý khách không cần làm gì.",
};
