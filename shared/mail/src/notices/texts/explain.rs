//! The words that say why a deadline is when it is, and what comes next, in each language.

use policy::{Status, Tier};

/// The words of one language; for staff and customers alike.
pub(in crate::notices) struct ExplainTexts {
    pub(in crate::notices) target: &'static str,
    pub(in crate::notices) clause: &'static str,
    pub(in crate::notices) version: &'static str,
    pub(in crate::notices) zone: &'static str,
    pub(in crate::notices) start: &'static str,
    pub(in crate::notices) due: &'static str,
    pub(in crate::notices) kept: &'static str,
    pub(in crate::notices) no_due: &'static str,
    pub(in crate::notices) promised_before: fn(derived: &str) -> String,
    pub(in crate::notices) in_order: &'static str,
    pub(in crate::notices) grace: fn(derived: &str) -> String,

    pub(in crate::notices) counts: fn(length: &str, so_far: &str) -> String,
    pub(in crate::notices) closed: &'static str,
    pub(in crate::notices) short_day: &'static str,
    pub(in crate::notices) holiday: fn(name: &str) -> String,
    pub(in crate::notices) day_of: fn(name: &str, day: u32, of: u32) -> String,
    pub(in crate::notices) paused: fn(Option<Status>) -> &'static str,
    pub(in crate::notices) length: fn(hours: i64, minutes: i64, seconds: i64) -> String,

    pub(in crate::notices) why: &'static str,
    pub(in crate::notices) short: fn(start: &str, length: &str) -> String,
    pub(in crate::notices) skipped: fn(reasons: &str) -> String,
    pub(in crate::notices) closed_hours: &'static str,

    pub(in crate::notices) next: &'static str,
    pub(in crate::notices) nothing_next: &'static str,
    pub(in crate::notices) level: fn(metric: &str, level: &str) -> String,
    pub(in crate::notices) missed: fn(metric: &str) -> String,
    pub(in crate::notices) raised: fn(priority: &str) -> String,
    pub(in crate::notices) moved: fn(department: &str) -> String,
    pub(in crate::notices) tier: fn(Tier) -> String,
    pub(in crate::notices) mail_to: fn(names: &str) -> String,
}

/// `1 h 30 min`: the parts that are not zero, or zero minutes.
fn length(parts: [(i64, &str); 3]) -> String {
    let [_, (_, minutes), _] = parts;
    let said: Vec<String> = parts
        .iter()
        .filter(|(amount, _)| *amount != 0)
        .map(|(amount, unit)| format!("{amount} {unit}"))
        .collect();
    if said.is_empty() {
        return format!("0 {minutes}");
    }
    said.join(" ")
}

pub(super) const EN: ExplainTexts = ExplainTexts {
    target: "Allowed",
    clause: "Clause",
    version: "Policy version",
    zone: "Times are those of",
    start: "The clock starts",
    due: "Due",
    kept: "Kept",
    no_due: "not while the clock stands still",
    promised_before: |derived| {
        format!(
            "the count would end {derived}; the earlier time had been promised before and holds"
        )
    },
    in_order: "not earlier than requests that came in before",
    grace: |derived| {
        format!(
            "the count ended {derived}, which was past when the request was changed; half an hour was given from then"
        )
    },
    counts: |length, so_far| format!("counts: {length}, {so_far} so far"),
    closed: "closed",
    short_day: "closed: shorter hours on this date",
    holiday: |name| format!("closed: {name}"),
    day_of: |name, day, of| format!("{name}, day {day} of {of}"),
    paused: |status| match status {
        Some(Status::Pending) => "stands still while we wait for an answer",
        Some(Status::OnHold) => "stands still while we wait for somebody else",
        Some(Status::Solved | Status::Closed) => "stands still: it counted as solved",
        _ => "stands still",
    },
    length: |hours, minutes, seconds| length([(hours, "h"), (minutes, "min"), (seconds, "s")]),
    why: "How this time is counted",
    short: |start, length| format!("from {start}; counted: {length}"),
    skipped: |reasons| format!("not counted: {reasons}"),
    closed_hours: "closed hours",
    next: "What happens next if nobody acts",
    nothing_next: "Nothing is scheduled.",
    level: |metric, level| format!("{metric}: level {level}"),
    missed: |metric| format!("{metric}: missed"),
    raised: |priority| format!("priority becomes {priority}"),
    moved: |department| format!("moves to {department}"),
    tier: |tier| format!("goes to tier {}", tier.as_str()),
    mail_to: |names| format!("mail to {names}"),
};

pub(super) const DE: ExplainTexts = ExplainTexts {
    target: "Frist",
    clause: "Klausel",
    version: "Fassung der Richtlinie",
    zone: "Zeiten nach",
    start: "Beginn der Frist",
    due: "Fällig",
    kept: "Eingehalten",
    no_due: "nicht, solange die Frist ruht",
    promised_before: |derived| {
        format!(
            "gezählt endete die Frist {derived}; es bleibt bei der früheren Zeit, die schon zugesagt war"
        )
    },
    in_order: "nicht früher als Anliegen, die vorher eingegangen sind",
    grace: |derived| {
        format!(
            "gezählt endete die Frist {derived}; das war bei der Änderung schon vorbei, daher gilt ab da eine halbe Stunde"
        )
    },
    counts: |length, so_far| format!("zählt: {length}, bisher {so_far}"),
    closed: "geschlossen",
    short_day: "geschlossen: an diesem Tag verkürzte Servicezeit",
    holiday: |name| format!("geschlossen: {name}"),
    day_of: |name, day, of| format!("{name}, Tag {day} von {of}"),
    paused: |status| match status {
        Some(Status::Pending) => "ruht, solange wir auf eine Antwort warten",
        Some(Status::OnHold) => "ruht, solange wir auf Dritte warten",
        Some(Status::Solved | Status::Closed) => "ruht: galt als gelöst",
        _ => "ruht",
    },
    length: |hours, minutes, seconds| {
        length([(hours, "Std."), (minutes, "Min."), (seconds, "Sek.")])
    },
    why: "So wird die Zeit gezählt",
    short: |start, length| format!("ab {start}; gezählt: {length}"),
    skipped: |reasons| format!("nicht gezählt: {reasons}"),
    closed_hours: "geschlossene Zeiten",
    next: "Was als Nächstes geschieht, wenn niemand handelt",
    nothing_next: "Nichts ist vorgemerkt.",
    level: |metric, level| format!("{metric}: Stufe {level}"),
    missed: |metric| format!("{metric}: nicht eingehalten"),
    raised: |priority| format!("Priorität wird {priority}"),
    moved: |department| format!("geht an die Abteilung {department}"),
    tier: |tier| format!("geht an Stufe {}", tier.as_str()),
    mail_to: |names| format!("E-Mail an {names}"),
};

pub(super) const VI: ExplainTexts = ExplainTexts {
    target: "Thời hạn",
    clause: "Điều khoản",
    version: "Phiên bản chính sách",
    zone: "Giờ theo múi giờ",
    start: "Bắt đầu tính",
    due: "Hạn chót",
    kept: "Đã thực hiện",
    no_due: "chưa có, vì thời gian đang tạm dừng",
    promised_before: |derived| {
        format!("tính ra là {derived}; thời điểm sớm hơn đã cam kết trước đó vẫn được giữ nguyên")
    },
    in_order: "không sớm hơn các yêu cầu đã đến trước",
    grace: |derived| {
        format!(
            "tính ra là {derived}, đã qua khi yêu cầu được thay đổi; vì vậy có thêm nửa giờ kể từ lúc đó"
        )
    },
    counts: |length, so_far| format!("được tính: {length}, tổng cộng {so_far}"),
    closed: "ngoài giờ làm việc",
    short_day: "nghỉ: ngày này làm việc rút ngắn",
    holiday: |name| format!("nghỉ: {name}"),
    day_of: |name, day, of| format!("{name}, ngày thứ {day} trong {of} ngày"),
    paused: |status| match status {
        Some(Status::Pending) => "tạm dừng trong khi chờ phản hồi",
        Some(Status::OnHold) => "tạm dừng trong khi chờ bên thứ ba",
        Some(Status::Solved | Status::Closed) => "tạm dừng: yêu cầu được coi là đã giải quyết",
        _ => "tạm dừng",
    },
    length: |hours, minutes, seconds| {
        length([(hours, "giờ"), (minutes, "phút"), (seconds, "giây")])
    },
    why: "Cách tính thời gian",
    short: |start, length| format!("tính từ {start}; được tính {length}"),
    skipped: |reasons| format!("không tính: {reasons}"),
    closed_hours: "ngoài giờ làm việc",
    next: "Những gì sẽ diễn ra nếu không ai xử lý",
    nothing_next: "Chưa có gì được lên lịch.",
    level: |metric, level| format!("{metric}: bước {level}"),
    missed: |metric| format!("{metric}: trễ hạn"),
    raised: |priority| format!("mức ưu tiên thành {priority}"),
    moved: |department| format!("chuyển sang bộ phận {department}"),
    tier: |tier| format!("chuyển lên cấp {}", tier.as_str()),
    mail_to: |names| format!("gửi e-mail cho {names}"),
};
