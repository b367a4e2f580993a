//! What the sender of a mail reads that is more than we can take in: it was received, and what to do instead.

use ticket::TooMuch;

/// The words of one language.
pub(in crate::notices) struct TooMuchTexts {
    pub(in crate::notices) subject: &'static str,
    pub(in crate::notices) received: fn(number: &str) -> String,
    pub(in crate::notices) instead: fn(TooMuch) -> &'static str,
}

pub(super) const EN: TooMuchTexts = TooMuchTexts {
    subject: "We could not read all of your mail",
    received: |number| {
        format!(
            "Your message has reached us as {number}, and our times run from its receipt. But we could not read all of it."
        )
    },
    instead: |what| match what {
        TooMuch::Size => {
            "It is larger than the 40 MB that we can take in. Please send large files as a link."
        }
        TooMuch::Attachments => {
            "It has more attachments than we can take in. Please send several mails, or put the files into one archive."
        }
        TooMuch::Headers => {
            "It has more recipients or header lines than we can take in. Please write a new mail to us alone."
        }
        TooMuch::Structure => {
            "It is built in a way that we cannot take in. Please write a new mail with plain text, without forwarded mails inside."
        }
    },
};

pub(super) const DE: TooMuchTexts = TooMuchTexts {
    subject: "Wir konnten Ihre E-Mail nicht vollständig lesen",
    received: |number| {
        format!(
            "Ihre Nachricht ist unter der Nummer {number} bei uns eingegangen, und unsere Fristen laufen seit dem Eingang. Wir konnten sie aber nicht vollständig lesen."
        )
    },
    instead: |what| match what {
        TooMuch::Size => {
            "Sie ist größer als die 40 MB, die wir annehmen können. Bitte senden Sie uns große Dateien als Link."
        }
        TooMuch::Attachments => {
            "Sie hat mehr Anhänge, als wir annehmen können. Bitte verteilen Sie die Dateien auf mehrere E-Mails, oder fassen Sie sie in einem Archiv zusammen."
        }
        TooMuch::Headers => {
            "Sie hat mehr Empfänger oder Kopfzeilen, als wir annehmen können. Bitte schreiben Sie uns eine neue E-Mail, die nur an uns geht."
        }
        TooMuch::Structure => {
            "Sie ist so aufgebaut, dass wir sie nicht verarbeiten können. Bitte schreiben Sie uns eine neue E-Mail mit einfachem Text, ohne weitergeleitete E-Mails als Anhang."
        }
    },
};

pub(super) const VI: TooMuchTexts = TooMuchTexts {
    subject: "Chúng tôi chưa đọc được trọn vẹn e-mail của quý khách",
    received: |number| {
        format!(
            "Chúng tôi đã nhận được tin nhắn của quý khách với mã số {number}, và thời hạn của chúng tôi được tính từ lúc nhận. Tuy nhiên, chúng tôi chưa đọc được trọn vẹn nội dung."
        )
    },
    instead: |what| match what {
        TooMuch::Size => {
            "E-mail lớn hơn mức 40 MB mà chúng tôi có thể nhận. Xin quý khách gửi các tệp lớn dưới dạng đường liên kết."
        }
        TooMuch::Attachments => {
            "E-mail có nhiều tệp đính kèm hơn mức chúng tôi có thể nhận. Xin quý khách chia thành nhiều e-mail hoặc gộp các tệp vào một tệp nén."
        }
        TooMuch::Headers => {
            "E-mail có nhiều người nhận hoặc dòng tiêu đề hơn mức chúng tôi có thể nhận. Xin quý khách gửi một e-mail mới chỉ đến địa chỉ của chúng tôi."
        }
        TooMuch::Structure => {
            "Chúng tôi không xử lý được cấu trúc của e-mail này. Xin quý khách gửi một e-mail mới chỉ gồm văn bản thường, không kèm e-mail được chuyển tiếp."
        }
    },
};
