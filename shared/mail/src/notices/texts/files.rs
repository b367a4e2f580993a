//! What is said of files: to customers of those that came with an answer, to staff of those that nobody gets.

use ticket::Withheld;

/// The words of one language.
pub(in crate::notices) struct FilesTexts {
    /// Before the list of what came with an answer and does not go along with the mail.
    pub(in crate::notices) on_the_page: fn(count: usize) -> &'static str,
    /// Why staff cannot open a file.
    pub(in crate::notices) not_here: fn(Option<Withheld>) -> &'static str,
}

pub(super) const EN: FilesTexts = FilesTexts {
    on_the_page: |count| match count {
        1 => "You can download this file on the page of your request:",
        _ => "You can download these files on the page of your request:",
    },
    not_here: |why| match why {
        Some(Withheld::Virus) => "held back, a scanner found a virus in the mail",
        Some(Withheld::Secret) => "held back, it holds confidential data",
        Some(Withheld::TooMany) | None => "in the raw mail only",
    },
};

pub(super) const DE: FilesTexts = FilesTexts {
    on_the_page: |count| match count {
        1 => "Diese Datei können Sie auf der Seite Ihres Anliegens herunterladen:",
        _ => "Diese Dateien können Sie auf der Seite Ihres Anliegens herunterladen:",
    },
    not_here: |why| match why {
        Some(Withheld::Virus) => "zurückgehalten, in der E-Mail wurde ein Virus gefunden",
        Some(Withheld::Secret) => "zurückgehalten, enthält vertrauliche Angaben",
        Some(Withheld::TooMany) | None => "nur in der aufbewahrten E-Mail",
    },
};

pub(super) const VI: FilesTexts = FilesTexts {
    on_the_page: |count| match count {
        1 => "Quý khách có thể tải tệp này trên trang của yêu cầu:",
        _ => "Quý khách có thể tải các tệp này trên trang của yêu cầu:",
    },
    not_here: |why| match why {
        Some(Withheld::Virus) => "bị giữ lại, phát hiện vi-rút trong e-mail",
        Some(Withheld::Secret) => "bị giữ lại, có thông tin bảo mật",
        Some(Withheld::TooMany) | None => "chỉ có trong e-mail gốc",
    },
};
