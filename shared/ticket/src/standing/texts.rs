//! The words for decisions on conduct, one struct a language: a text that is missing does not compile.

use policy::{Allowed, Lang};

/// The words of one language.
pub(super) struct Texts {
    pub(super) title: fn(name: &str) -> String,
    /// Follows a greeting.
    pub(super) opening: fn(clause: Option<&str>) -> String,
    pub(super) decision: &'static str,
    pub(super) from: &'static str,
    pub(super) until: &'static str,
    pub(super) by: &'static str,
    pub(super) reason: &'static str,
    pub(super) possible_title: &'static str,
    pub(super) possible: fn(Allowed) -> &'static str,
    pub(super) objecting: &'static str,
    pub(super) warned: &'static str,
    pub(super) limited: &'static str,
    pub(super) objection: &'static str,
    pub(super) lifted_title: &'static str,
    pub(super) lifted: fn(name: &str) -> String,
}

pub(super) fn of(lang: &Lang) -> &'static Texts {
    match lang.as_str() {
        "de" => &DE,
        "vi" => &VI,
        _ => &EN,
    }
}

const EN: Texts = Texts {
    title: |name| format!("A decision about your support: {name}"),
    opening: |clause| match clause {
        Some(clause) => format!(
            "We have taken a decision about your e-mail address, under clause {clause} of our policy."
        ),
        None => "We have taken a decision about your e-mail address.".to_owned(),
    },
    decision: "Decision",
    from: "From",
    until: "Until",
    by: "Decided by",
    reason: "The reason",
    possible_title: "What you can still do",
    possible: |kind| match kind {
        Allowed::Requests => "to send new requests",
        Allowed::Messages => "to write on requests that are open already",
        Allowed::Complaints => "to complain",
        Allowed::Feedback => "to send suggestions and comments",
    },
    objecting: "to object to this decision",
    warned: "We go on dealing with everything that you send us. If it happens again, we may limit our support.",
    limited: "Whatever else you send us until then is kept, and our staff can see it, but it is not dealt with. The decision ends by itself at the time named above.",
    objection: "To object, simply answer the mail in which we told you this: your objection is always read.",
    lifted_title: "A decision about your support no longer stands",
    lifted: |name| {
        format!(
            "Our decision about your e-mail address (“{name}”) no longer stands. We support you as before."
        )
    },
};

const DE: Texts = Texts {
    title: |name| format!("Entscheidung über Ihren Support: {name}"),
    opening: |clause| match clause {
        Some(clause) => format!(
            "wir haben nach {clause} unserer Richtlinie eine Entscheidung zu Ihrer E-Mail-Adresse getroffen."
        ),
        None => "wir haben eine Entscheidung zu Ihrer E-Mail-Adresse getroffen.".to_owned(),
    },
    decision: "Entscheidung",
    from: "Gilt ab",
    until: "Gilt bis",
    by: "Entschieden von",
    reason: "Der Grund",
    possible_title: "Das können Sie weiterhin tun",
    possible: |kind| match kind {
        Allowed::Requests => "neue Anliegen einreichen",
        Allowed::Messages => "zu bereits offenen Anliegen schreiben",
        Allowed::Complaints => "sich beschweren",
        Allowed::Feedback => "Anregungen und Kommentare senden",
    },
    objecting: "dieser Entscheidung widersprechen",
    warned: "Wir bearbeiten weiterhin alles, was Sie uns schreiben. Sollte sich der Vorfall wiederholen, können wir unseren Support einschränken.",
    limited: "Was Sie uns bis dahin sonst noch schreiben, wird aufbewahrt und ist für unser Team sichtbar, wird aber nicht bearbeitet. Die Entscheidung endet zum genannten Zeitpunkt von selbst.",
    objection: "Um zu widersprechen, antworten Sie einfach auf die E-Mail, in der wir Ihnen das mitgeteilt haben. Ihr Widerspruch wird in jedem Fall gelesen.",
    lifted_title: "Eine Entscheidung über Ihren Support ist aufgehoben",
    lifted: |name| {
        format!(
            "unsere Entscheidung zu Ihrer E-Mail-Adresse („{name}“) ist aufgehoben. Wir unterstützen Sie wieder wie zuvor."
        )
    },
};

const VI: Texts = Texts {
    title: |name| format!("Quyết định về việc hỗ trợ quý khách: {name}"),
    opening: |clause| match clause {
        Some(clause) => format!(
            "Căn cứ mục {clause} trong chính sách của chúng tôi, chúng tôi đã đưa ra quyết định đối với địa chỉ e-mail của quý khách."
        ),
        None => "Chúng tôi đã đưa ra quyết định đối với địa chỉ e-mail của quý khách.".to_owned(),
    },
    decision: "Quyết định",
    from: "Có hiệu lực từ",
    until: "Có hiệu lực đến",
    by: "Người quyết định",
    reason: "Lý do",
    possible_title: "Quý khách vẫn có thể",
    possible: |kind| match kind {
        Allowed::Requests => "gửi yêu cầu mới",
        Allowed::Messages => "nhắn tin trong các yêu cầu đang mở",
        Allowed::Complaints => "gửi khiếu nại",
        Allowed::Feedback => "gửi góp ý",
    },
    objecting: "phản đối quyết định này",
    warned: "Chúng tôi vẫn xử lý mọi nội dung quý khách gửi. Nếu sự việc tái diễn, chúng tôi có thể hạn chế việc hỗ trợ.",
    limited: "Những nội dung khác mà quý khách gửi trong thời gian này được lưu lại và nhân viên của chúng tôi có thể xem, nhưng không được xử lý. Quyết định tự hết hiệu lực vào thời điểm nêu trên.",
    objection: "Nếu không đồng ý, quý khách chỉ cần trả lời e-mail thông báo quyết định này; ý kiến phản đối luôn được xem xét.",
    lifted_title: "Quyết định về việc hỗ trợ quý khách đã được hủy bỏ",
    lifted: |name| {
        format!(
            "Quyết định đối với địa chỉ e-mail của quý khách (“{name}”) không còn hiệu lực. Chúng tôi lại hỗ trợ quý khách như trước."
        )
    },
};
