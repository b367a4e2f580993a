//! What senders are told of a mail that is over a bound: what was too much, and what to do instead.

use crate::inbound::Bound;

/// A bound and its value, in a sentence.
pub(in crate::notices) type RefusedText = fn(Bound, limit: usize) -> String;

const MEGABYTE: usize = 1024 * 1024;

pub(super) const EN: RefusedText = |bound, limit| {
    match bound {
    Bound::TotalBytes => format!(
        "Your mail is larger than the {} MB that we can take in: please send large files as a link.",
        limit / MEGABYTE
    ),
    Bound::Attachments => format!(
        "Your mail has more than the {limit} attachments that we can take in: please send several mails or one archive."
    ),
    Bound::HeaderBytes | Bound::HeaderCount => {
        "Your mail has more header lines or recipients than we can take in: please write a new mail to us alone."
            .to_owned()
    }
    Bound::Parts | Bound::Depth | Bound::LineBytes => {
        "Your mail is built in a way that we cannot take in: please write a new mail with plain text, without forwarded mails inside."
            .to_owned()
    }
}
};

pub(super) const DE: RefusedText = |bound, limit| {
    match bound {
    Bound::TotalBytes => format!(
        "Ihre E-Mail ist größer als die {} MB, die wir annehmen können: Bitte senden Sie große Dateien als Link.",
        limit / MEGABYTE
    ),
    Bound::Attachments => format!(
        "Ihre E-Mail hat mehr als die {limit} Anhänge, die wir annehmen können: Bitte senden Sie mehrere E-Mails oder ein Archiv."
    ),
    Bound::HeaderBytes | Bound::HeaderCount => {
        "Ihre E-Mail hat mehr Kopfzeilen oder Empfänger, als wir verarbeiten können: Bitte schreiben Sie eine neue E-Mail nur an uns."
            .to_owned()
    }
    Bound::Parts | Bound::Depth | Bound::LineBytes => {
        "Ihre E-Mail ist so aufgebaut, dass wir sie nicht verarbeiten können: Bitte schreiben Sie eine neue E-Mail als einfachen Text, ohne weitergeleitete E-Mails darin."
            .to_owned()
    }
}
};

pub(super) const VI: RefusedText = |bound, limit| {
    match bound {
    Bound::TotalBytes => format!(
        "E-mail của quý khách vượt quá {} MB, dung lượng tối đa chúng tôi có thể nhận: xin vui lòng gửi tệp lớn dưới dạng đường liên kết.",
        limit / MEGABYTE
    ),
    Bound::Attachments => format!(
        "E-mail của quý khách có hơn {limit} tệp đính kèm, số lượng tối đa chúng tôi có thể nhận: xin vui lòng gửi thành nhiều e-mail hoặc nén thành một tệp."
    ),
    Bound::HeaderBytes | Bound::HeaderCount => {
        "E-mail của quý khách có quá nhiều dòng tiêu đề hoặc người nhận: xin vui lòng viết e-mail mới và chỉ gửi cho chúng tôi."
            .to_owned()
    }
    Bound::Parts | Bound::Depth | Bound::LineBytes => {
        "E-mail của quý khách có cấu trúc mà chúng tôi không thể xử lý: xin vui lòng viết e-mail mới ở dạng văn bản thuần, không chèn e-mail chuyển tiếp."
            .to_owned()
    }
}
};
