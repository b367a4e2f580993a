//! The three languages, word by word.

use crate::id::Lang;

/// One language. Whatever it lacks would show as English to a customer, so no field is optional.
pub(super) struct Words {
    /// The unit after one and after several, in the order of [`Unit::ALL`](crate::Unit::ALL).
    pub(super) units: Units,
    /// The same as a phrase of time: what stands before the number, and the units in the case that it asks for.
    pub(super) within: (&'static str, Units),
    /// English, German, Vietnamese.
    pub(super) languages: [&'static str; 3],
    /// Before an infinitive: how a target and how a commitment is said.
    pub(super) aim: &'static str,
    pub(super) will: &'static str,
    pub(super) days: [&'static str; 7],
    pub(super) months: [&'static str; 12],
    /// What stands between day and month.
    pub(super) of: &'static str,
    pub(super) to: &'static str,
    pub(super) and: &'static str,
    pub(super) every_year: &'static str,
    pub(super) round_the_clock: &'static str,
}

type Units = [(&'static str, &'static str); 7];

const EN_UNITS: Units = [
    ("open minute", "open minutes"),
    ("open hour", "open hours"),
    ("open day", "open days"),
    ("weekday hour", "weekday hours"),
    ("elapsed minute", "elapsed minutes"),
    ("elapsed hour", "elapsed hours"),
    ("elapsed day", "elapsed days"),
];

const VI_UNITS: Units = [
    ("phút làm việc", "phút làm việc"),
    ("giờ làm việc", "giờ làm việc"),
    ("ngày làm việc", "ngày làm việc"),
    (
        "giờ tính trong các ngày làm việc",
        "giờ tính trong các ngày làm việc",
    ),
    ("phút liên tục", "phút liên tục"),
    ("giờ liên tục", "giờ liên tục"),
    ("ngày liên tục", "ngày liên tục"),
];

const EN: Words = Words {
    units: EN_UNITS,
    within: ("within", EN_UNITS),
    languages: ["English", "German", "Vietnamese"],
    aim: "we aim to",
    will: "we will",
    days: [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    of: " ",
    to: " to ",
    and: " and ",
    every_year: "every year",
    round_the_clock: "at all hours",
};

const DE: Words = Words {
    units: [
        (
            "Minute innerhalb der Servicezeit",
            "Minuten innerhalb der Servicezeit",
        ),
        (
            "Stunde innerhalb der Servicezeit",
            "Stunden innerhalb der Servicezeit",
        ),
        ("Arbeitstag", "Arbeitstage"),
        ("Stunde an Arbeitstagen", "Stunden an Arbeitstagen"),
        (
            "Minute (durchgehend gezählt)",
            "Minuten (durchgehend gezählt)",
        ),
        (
            "Stunde (durchgehend gezählt)",
            "Stunden (durchgehend gezählt)",
        ),
        ("Tag (durchgehend gezählt)", "Tage (durchgehend gezählt)"),
    ],
    within: (
        "innerhalb von",
        [
            ("Minute der Servicezeit", "Minuten der Servicezeit"),
            ("Stunde der Servicezeit", "Stunden der Servicezeit"),
            ("Arbeitstag", "Arbeitstagen"),
            ("Stunde an Arbeitstagen", "Stunden an Arbeitstagen"),
            (
                "Minute (durchgehend gezählt)",
                "Minuten (durchgehend gezählt)",
            ),
            (
                "Stunde (durchgehend gezählt)",
                "Stunden (durchgehend gezählt)",
            ),
            ("Tag (durchgehend gezählt)", "Tagen (durchgehend gezählt)"),
        ],
    ),
    languages: ["Englisch", "Deutsch", "Vietnamesisch"],
    aim: "wir wollen",
    will: "wir werden",
    days: [
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag",
        "Sonntag",
    ],
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    of: ". ",
    to: " bis ",
    and: " und ",
    every_year: "jedes Jahr",
    round_the_clock: "rund um die Uhr",
};

const VI: Words = Words {
    units: VI_UNITS,
    within: ("trong vòng", VI_UNITS),
    languages: ["tiếng Anh", "tiếng Đức", "tiếng Việt"],
    aim: "chúng tôi cố gắng",
    will: "chúng tôi sẽ",
    days: [
        "thứ Hai",
        "thứ Ba",
        "thứ Tư",
        "thứ Năm",
        "thứ Sáu",
        "thứ Bảy",
        "Chủ nhật",
    ],
    months: [
        "tháng 1",
        "tháng 2",
        "tháng 3",
        "tháng 4",
        "tháng 5",
        "tháng 6",
        "tháng 7",
        "tháng 8",
        "tháng 9",
        "tháng 10",
        "tháng 11",
        "tháng 12",
    ],
    of: " ",
    to: " đến ",
    and: " và ",
    every_year: "hằng năm",
    round_the_clock: "suốt ngày đêm",
};

pub(super) fn words(lang: &Lang) -> &'static Words {
    match lang.as_str() {
        "de" => &DE,
        "vi" => &VI,
        _ => &EN,
    }
}
