//! What stands above a published page, in the three languages.

use crate::id::Lang;

/// The labels of one language.
pub(super) struct Texts {
    pub(super) version: &'static str,
    pub(super) effective: &'static str,
    pub(super) languages: &'static str,
    pub(super) prevailing: &'static str,
    pub(super) clause: &'static str,
}

const EN: Texts = Texts {
    version: "Version",
    effective: "In force from",
    languages: "Published in",
    prevailing: "Binding text",
    clause: "Clause",
};

const DE: Texts = Texts {
    version: "Fassung",
    effective: "Gültig ab",
    languages: "Veröffentlicht auf",
    prevailing: "Verbindlicher Wortlaut",
    clause: "Abschnitt",
};

const VI: Texts = Texts {
    version: "Phiên bản",
    effective: "Có hiệu lực từ",
    languages: "Công bố bằng",
    prevailing: "Bản có giá trị ràng buộc",
    clause: "Mục",
};

pub(super) fn texts(lang: &Lang) -> &'static Texts {
    match lang.as_str() {
        "de" => &DE,
        "vi" => &VI,
        _ => &EN,
    }
}
