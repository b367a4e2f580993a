//! What customers read while their request goes its way, and what staff read of ladders and reviews, in each language.

use policy::Tier;

use super::Said;

/// The words of one language.
pub(in crate::notices) struct ProgressTexts {
    pub(in crate::notices) passed_on_subject: &'static str,
    pub(in crate::notices) passed_on: fn(number: &str, Tier) -> String,
    pub(in crate::notices) passed_on_hint: &'static str,

    pub(in crate::notices) expect_subject: &'static str,
    pub(in crate::notices) expect: fn(number: &str, time: &str) -> String,
    pub(in crate::notices) reason: &'static str,
    pub(in crate::notices) expected_by: fn(time: &str) -> String,

    pub(in crate::notices) out_of_scope_subject: &'static str,
    pub(in crate::notices) out_of_scope: fn(number: &str) -> String,
    pub(in crate::notices) out_of_scope_hint: &'static str,

    pub(in crate::notices) review_subject: &'static str,
    pub(in crate::notices) review: fn(number: &str) -> String,
    pub(in crate::notices) review_hint: &'static str,

    pub(in crate::notices) missing: &'static str,
    pub(in crate::notices) missing_hint: &'static str,

    pub(in crate::notices) review_asked: Said,
    pub(in crate::notices) candidates: &'static str,
    pub(in crate::notices) have_it: &'static str,
    pub(in crate::notices) repetition: &'static str,
    pub(in crate::notices) expected: &'static str,
}

pub(super) const EN: ProgressTexts = ProgressTexts {
    passed_on_subject: "Your request has gone to our specialists",
    passed_on: |number, tier| match tier {
        Tier::L3 => {
            format!("Your request {number} is now with the highest level of our support (L3).")
        }
        tier => format!(
            "Your request {number} is now with our specialists (level {}).",
            tier.as_str()
        ),
    },
    passed_on_hint: "You do not need to do anything. The times that we have given you stay the same.",
    expect_subject: "When we expect to be done",
    expect: |number, time| format!("We now expect to complete your request {number} by {time}."),
    reason: "The reason:",
    expected_by: |time| format!("We expect to be done by {time}."),
    out_of_scope_subject: "About your request",
    out_of_scope: |number| {
        format!(
            "Thank you for your request {number}. We have looked at it, and it is about something that our support does not cover."
        )
    },
    out_of_scope_hint: "If you see this differently, simply reply to this mail and we will reopen it.",
    review_subject: "Your complaint is being reviewed",
    review: |number| {
        format!(
            "You have asked us to look at your complaint {number} again. It is now being reviewed by people who have had no part in it so far."
        )
    },
    review_hint: "We will let you know as soon as they have decided.",
    missing: "It would help us to know:",
    missing_hint: "Simply reply to this mail. Our times run from the moment we received your message in any case.",
    review_asked: Said {
        heading: "Review",
        sentence: "The customer is not content with how this complaint was decided. It needs a review by people who had no part in it.",
    },
    candidates: "Perhaps about",
    have_it: "I have it (ends the repetitions)",
    repetition: "Repetition",
    expected: "Expected by",
};

pub(super) const DE: ProgressTexts = ProgressTexts {
    passed_on_subject: "Ihr Anliegen liegt jetzt bei unserem Fachteam",
    passed_on: |number, tier| match tier {
        Tier::L3 => format!(
            "Ihr Anliegen {number} liegt jetzt bei der höchsten Stufe unseres Supports (L3)."
        ),
        tier => format!(
            "Ihr Anliegen {number} liegt jetzt bei unserem Fachteam (Stufe {}).",
            tier.as_str()
        ),
    },
    passed_on_hint: "Sie müssen nichts tun. Die Zeiten, die wir Ihnen genannt haben, gelten weiter.",
    expect_subject: "Wann wir voraussichtlich fertig sind",
    expect: |number, time| {
        format!(
            "nach heutigem Stand werden wir Ihr Anliegen {number} voraussichtlich bis {time} abschließen."
        )
    },
    reason: "Der Grund:",
    expected_by: |time| format!("Voraussichtlich abgeschlossen bis {time}."),
    out_of_scope_subject: "Zu Ihrem Anliegen",
    out_of_scope: |number| {
        format!(
            "vielen Dank für Ihr Anliegen {number}. Wir haben es geprüft: Es betrifft etwas, das unser Support nicht umfasst."
        )
    },
    out_of_scope_hint: "Wenn Sie das anders sehen, antworten Sie einfach auf diese E-Mail. Dann öffnen wir Ihr Anliegen wieder.",
    review_subject: "Ihre Beschwerde wird überprüft",
    review: |number| {
        format!(
            "Sie möchten, dass wir Ihre Beschwerde {number} noch einmal prüfen. Das übernehmen jetzt Personen, die bisher nicht daran beteiligt waren."
        )
    },
    review_hint: "Sobald sie entschieden haben, teilen wir Ihnen das Ergebnis mit.",
    missing: "Diese Angaben würden uns noch helfen:",
    missing_hint: "Antworten Sie dazu einfach auf diese E-Mail. Unsere Fristen laufen in jedem Fall ab dem Eingang Ihrer Nachricht.",
    review_asked: Said {
        heading: "Überprüfung",
        sentence: "Die Kundin oder der Kunde ist mit der Entscheidung über diese Beschwerde nicht einverstanden. Sie muss von Personen überprüft werden, die bisher nicht beteiligt waren.",
    },
    candidates: "Betrifft vielleicht",
    have_it: "Ich kümmere mich darum (beendet die Wiederholungen)",
    repetition: "Wiederholung",
    expected: "Voraussichtlich bis",
};

pub(super) const VI: ProgressTexts = ProgressTexts {
    passed_on_subject: "Yêu cầu của quý khách đã được chuyển đến bộ phận chuyên môn",
    passed_on: |number, tier| match tier {
        Tier::L3 => {
            format!("Yêu cầu {number} của quý khách hiện do cấp hỗ trợ cao nhất (L3) xử lý.")
        }
        tier => format!(
            "Yêu cầu {number} của quý khách hiện do bộ phận chuyên môn (cấp {}) xử lý.",
            tier.as_str()
        ),
    },
    passed_on_hint: "Quý khách không cần làm gì thêm. Các mốc thời gian đã thông báo vẫn giữ nguyên.",
    expect_subject: "Thời điểm dự kiến hoàn tất",
    expect: |number, time| {
        format!("Chúng tôi dự kiến hoàn tất yêu cầu {number} chậm nhất lúc {time}.")
    },
    reason: "Lý do:",
    expected_by: |time| format!("Dự kiến hoàn tất chậm nhất lúc {time}."),
    out_of_scope_subject: "Về yêu cầu của quý khách",
    out_of_scope: |number| {
        format!(
            "Cảm ơn quý khách đã gửi yêu cầu {number}. Chúng tôi đã xem xét và nhận thấy nội dung này nằm ngoài phạm vi hỗ trợ."
        )
    },
    out_of_scope_hint: "Nếu quý khách có ý kiến khác, xin trả lời e-mail này, yêu cầu sẽ được mở lại.",
    review_subject: "Khiếu nại của quý khách đang được xem xét lại",
    review: |number| {
        format!(
            "Chúng tôi đã nhận được đề nghị xem xét lại khiếu nại {number}. Việc này do những người chưa tham gia xử lý trước đó đảm nhận."
        )
    },
    review_hint: "Chúng tôi sẽ thông báo kết quả ngay khi có quyết định.",
    missing: "Để thuận tiện cho việc hỗ trợ, xin quý khách cho biết thêm:",
    missing_hint: "Quý khách chỉ cần trả lời e-mail này. Thời hạn của chúng tôi vẫn tính từ lúc nhận được tin nhắn đầu tiên.",
    review_asked: Said {
        heading: "Xem xét lại",
        sentence: "Khách hàng không đồng ý với kết quả xử lý khiếu nại này. Khiếu nại cần được những người chưa tham gia xử lý xem xét lại.",
    },
    candidates: "Có thể liên quan đến",
    have_it: "Tôi đang xử lý (ngừng nhắc lại)",
    repetition: "Lần nhắc lại",
    expected: "Dự kiến hoàn tất",
};
