//! What strangers, participants and staff read of who takes part in a request.

/// The words of one language.
pub(in crate::notices) struct PeopleTexts {
    pub(in crate::notices) arrived_subject: &'static str,
    /// Paragraphs that name nothing of the ticket.
    pub(in crate::notices) arrived: &'static [&'static str],

    pub(in crate::notices) released_subject: &'static str,
    pub(in crate::notices) released: fn(number: &str) -> String,

    pub(in crate::notices) masked_subject: &'static str,
    pub(in crate::notices) masked: fn(number: &str) -> String,

    pub(in crate::notices) joined_subject: &'static str,
    pub(in crate::notices) joined: fn(by: Option<&str>, number: &str) -> String,
    pub(in crate::notices) joined_hint: &'static str,
    pub(in crate::notices) joined_earlier: fn(bool) -> &'static str,

    pub(in crate::notices) entry: &'static str,
    pub(in crate::notices) release_help: fn(entry: u32) -> String,
}

pub(super) const EN: PeopleTexts = PeopleTexts {
    arrived_subject: "Your message has reached us",
    arrived: &[
        "Thank you for your message. It has reached us.",
        "You have written to the reply address of a request that somebody else has made. To protect them, our staff look at your message first, and we cannot tell you anything about that request here.",
        "If you have a request of your own, please send it to us in a new mail.",
    ],
    released_subject: "A message on your request",
    released: |number| {
        format!(
            "Somebody who does not take part in the request {number} has written to us about it. Our staff have looked at the message and pass it on to you:"
        )
    },
    masked_subject: "We have masked confidential data in your message",
    masked: |number| format!("Your message on the request {number} has reached us."),
    joined_subject: "You have been added to a request",
    joined: |by, number| match by {
        Some(by) => format!("{by} has added you to the request {number}."),
        None => format!("You have been added to the request {number}."),
    },
    joined_hint: "From now on you receive our answers. You can read along and write on the page of the request, or by replying to this mail.",
    joined_earlier: |all| {
        if all {
            "What was written before can be read on that page, too."
        } else {
            "What was written before stays with those who took part then."
        }
    },
    entry: "Entry",
    release_help: |entry| {
        format!(
            "To show these words to the customer, write /release {entry} at the very top of your answer. To let the writer take part from now on, write /participant add and their address."
        )
    },
};

pub(super) const DE: PeopleTexts = PeopleTexts {
    arrived_subject: "Ihre Nachricht ist bei uns eingegangen",
    arrived: &[
        "vielen Dank für Ihre Nachricht. Sie ist bei uns eingegangen.",
        "Sie haben an die Antwortadresse eines Anliegens geschrieben, das von jemand anderem stammt. Zum Schutz dieser Person sieht unser Team Ihre Nachricht zuerst durch. Über das Anliegen selbst können wir Ihnen hier keine Auskunft geben.",
        "Wenn Sie ein eigenes Anliegen haben, schreiben Sie uns bitte eine neue E-Mail.",
    ],
    released_subject: "Eine Nachricht zu Ihrem Anliegen",
    released: |number| {
        format!(
            "zum Anliegen {number} hat uns jemand geschrieben, der daran nicht beteiligt ist. Unser Team hat die Nachricht geprüft und gibt sie an Sie weiter:"
        )
    },
    masked_subject: "Wir haben vertrauliche Angaben unkenntlich gemacht",
    masked: |number| format!("Ihre Nachricht zum Anliegen {number} ist bei uns eingegangen."),
    joined_subject: "Sie sind jetzt an einem Anliegen beteiligt",
    joined: |by, number| match by {
        Some(by) => format!("{by} hat Sie zum Anliegen {number} hinzugefügt."),
        None => format!("Sie wurden zum Anliegen {number} hinzugefügt."),
    },
    joined_hint: "Ab jetzt erhalten Sie unsere Antworten. Auf der Seite des Anliegens können Sie mitlesen und schreiben; dafür genügt auch eine Antwort auf diese E-Mail.",
    joined_earlier: |all| {
        if all {
            "Auch was vorher geschrieben wurde, können Sie auf dieser Seite lesen."
        } else {
            "Was vorher geschrieben wurde, bleibt bei den damals Beteiligten."
        }
    },
    entry: "Eintrag",
    release_help: |entry| {
        format!(
            "Damit auch die Kundin oder der Kunde diese Nachricht liest, schreiben Sie ganz oben in Ihre Antwort /release {entry}. Soll die Person ab jetzt beteiligt sein, schreiben Sie /participant add und ihre Adresse."
        )
    },
};

pub(super) const VI: PeopleTexts = PeopleTexts {
    arrived_subject: "Chúng tôi đã nhận được tin nhắn của quý khách",
    arrived: &[
        "Cảm ơn quý khách đã gửi tin nhắn. Chúng tôi đã nhận được.",
        "Quý khách đã viết đến địa chỉ trả lời của một yêu cầu do người khác gửi. Để bảo vệ người đó, nhân viên của chúng tôi sẽ xem tin nhắn trước, và chúng tôi không thể cung cấp thông tin về yêu cầu ấy tại đây.",
        "Nếu quý khách có yêu cầu riêng, xin gửi cho chúng tôi một e-mail mới.",
    ],
    released_subject: "Có tin nhắn về yêu cầu của quý khách",
    released: |number| {
        format!(
            "Một người không tham gia yêu cầu {number} đã viết cho chúng tôi về yêu cầu này. Nhân viên của chúng tôi đã xem và xin chuyển nội dung đến quý khách:"
        )
    },
    masked_subject: "Chúng tôi đã che thông tin bảo mật trong tin nhắn của quý khách",
    masked: |number| format!("Chúng tôi đã nhận được tin nhắn của quý khách về yêu cầu {number}."),
    joined_subject: "Quý khách đã được thêm vào một yêu cầu",
    joined: |by, number| match by {
        Some(by) => format!("{by} đã thêm quý khách vào yêu cầu {number}."),
        None => format!("Quý khách đã được thêm vào yêu cầu {number}."),
    },
    joined_hint: "Từ bây giờ, quý khách sẽ nhận được các câu trả lời của chúng tôi. Quý khách có thể theo dõi và viết trên trang của yêu cầu, hoặc trả lời e-mail này.",
    joined_earlier: |all| {
        if all {
            "Quý khách cũng có thể đọc những nội dung trước đó trên trang này."
        } else {
            "Những nội dung trước đó chỉ dành cho những người đã tham gia khi ấy."
        }
    },
    entry: "Mục",
    release_help: |entry| {
        format!(
            "Để khách hàng cũng đọc được nội dung này, hãy viết /release {entry} ở dòng đầu câu trả lời. Để người viết tham gia từ bây giờ, hãy viết /participant add kèm địa chỉ của họ."
        )
    },
};
