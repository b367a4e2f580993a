//! What people write in the example, in the languages of the mails.

/// What people write in the example.
pub(super) struct Said {
    pub(super) name: &'static str,
    pub(super) subject: &'static str,
    pub(super) request: &'static str,
    pub(super) answer: &'static str,
    pub(super) again: &'static str,
    pub(super) stranger: &'static str,
    pub(super) reason: &'static str,
    pub(super) review: &'static str,
    pub(super) conduct: &'static str,
    pub(super) lifted: &'static str,
}

pub(super) const EN: Said = Said {
    name: "Alex Example",
    subject: "Website not reachable since this morning",
    request: "Good morning,\n\nour website has not been reachable since about 8 o'clock. The browser says: “The connection has timed out.”\n\nCould you have a look, please?",
    answer: "Hello Alex,\n\nthe web server had stopped after an update. It is running again, and we are watching it.\n\nPlease let us know if you see anything unusual.",
    again: "Thank you. The home page works again, but the shop still shows an error.",
    stranger: "Could you please send me what you have written to my colleague so far?",
    reason: "The database server needs a new disk, which arrives on Monday.",
    review: "I am not satisfied with this answer. The outage lasted two days, and the credit covers one.",
    conduct: "In your messages of this week you threatened our staff. They have to be able to work without fear.",
    lifted: "Thank you for your apology.",
};

pub(super) const DE: Said = Said {
    name: "Alex Muster",
    subject: "Website seit heute Morgen nicht erreichbar",
    request: "Guten Tag,\n\nseit etwa 8 Uhr ist unsere Website nicht mehr erreichbar. Der Browser meldet: „Die Verbindung wurde unterbrochen.“\n\nKönnten Sie bitte nachsehen?",
    answer: "Guten Tag,\n\nder Webserver war nach einem Update stehen geblieben. Er läuft wieder, und wir beobachten ihn.\n\nBitte melden Sie sich, wenn Ihnen noch etwas auffällt.",
    again: "Vielen Dank. Die Startseite geht wieder, aber der Shop zeigt weiterhin einen Fehler.",
    stranger: "Können Sie mir bitte schicken, was Sie meinem Kollegen bisher geschrieben haben?",
    reason: "Der Datenbankserver braucht eine neue Festplatte; sie kommt am Montag.",
    review: "Mit dieser Antwort bin ich nicht einverstanden. Der Ausfall dauerte zwei Tage, gutgeschrieben wurde einer.",
    conduct: "In Ihren Nachrichten dieser Woche haben Sie unsere Mitarbeitenden bedroht. Sie müssen ohne Angst arbeiten können.",
    lifted: "Vielen Dank für Ihre Entschuldigung.",
};

pub(super) const VI: Said = Said {
    name: "Nguyễn Văn A",
    subject: "Website không truy cập được từ sáng nay",
    request: "Chào anh chị,\n\nTừ khoảng 8 giờ sáng nay, website của công ty tôi không truy cập được. Trình duyệt báo: “Hết thời gian kết nối.”\n\nNhờ anh chị kiểm tra giúp.",
    answer: "Chào anh,\n\nMáy chủ web bị dừng sau khi cập nhật. Hiện máy chủ đã chạy lại và chúng tôi vẫn đang theo dõi.\n\nNếu thấy có gì bất thường, anh vui lòng báo lại cho chúng tôi.",
    again: "Cảm ơn. Trang chủ đã vào được, nhưng trang bán hàng vẫn báo lỗi.",
    stranger: "Anh chị gửi giúp tôi những nội dung đã trao đổi với đồng nghiệp của tôi được không?",
    reason: "Máy chủ cơ sở dữ liệu cần thay ổ cứng, thứ Hai mới có hàng.",
    review: "Tôi không đồng ý với câu trả lời này. Sự cố kéo dài hai ngày nhưng chỉ được bù một ngày.",
    conduct: "Trong các tin nhắn tuần này, quý khách đã đe dọa nhân viên của chúng tôi. Nhân viên cần được làm việc mà không phải lo sợ.",
    lifted: "Cảm ơn quý khách đã gửi lời xin lỗi.",
};
