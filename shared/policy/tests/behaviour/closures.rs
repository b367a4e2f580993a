//! Closures ahead.

use policy::Policy;

use crate::{DESK, berlin, lang, pages, shown};

/// The sales department works by `split`, which closes for Tet on seven dates of February 2027.
fn tet() -> Policy {
    let source = DESK.replacen(
        "calendar = \"office\"\nagents = [\"ann\"]",
        "calendar = \"split\"\nagents = [\"ann\"]",
        1,
    );
    Policy::parse(&source, "policy.toml", pages()).unwrap()
}

#[test]
fn tet_is_announced_two_weeks_before_and_until_it_is_over() {
    let policy = tet();
    let announced = |at: &str| policy.closures_ahead(berlin(at)).len();
    assert_eq!(announced("2027-01-21T23:59:59"), 0);
    assert_eq!(announced("2027-01-22T00:00"), 1);
    assert_eq!(announced("2027-02-11T23:59:59"), 1);
    assert_eq!(announced("2027-02-12T00:00"), 0);
    let closing = &policy.closures_ahead(berlin("2027-02-08T12:00"))[0];
    assert_eq!(
        (closing.first.to_string(), closing.last.to_string()),
        ("2027-02-05".to_owned(), "2027-02-11".to_owned())
    );
    assert_eq!(closing.departments[0].as_str(), "sales");
    assert_eq!(shown(closing.reopens), "Fri 2027-02-12T08:30:00+01:00");
}

#[test]
fn each_language_says_when_why_and_until_when() {
    let policy = tet();
    let closing = &policy.closures_ahead(berlin("2027-01-22T00:00"))[0];
    let text = |tag| policy.closing_text(closing, &lang(tag));
    assert_eq!(
        text("en"),
        "Closed from 5 February 2027 to 11 February 2027 (Tet); open again on Friday, 12 February 2027, at 08:30."
    );
    assert_eq!(
        text("de"),
        "Vom 5. Februar 2027 bis zum 11. Februar 2027 geschlossen (Tet); ab Freitag, 12. Februar 2027, 08:30 Uhr sind wir wieder da."
    );
    assert_eq!(
        text("vi"),
        "Nghỉ từ ngày 5 tháng 2 năm 2027 đến hết ngày 11 tháng 2 năm 2027 (Tet); làm việc trở lại từ 08:30 thứ Sáu, ngày 12 tháng 2 năm 2027."
    );
}

#[test]
fn weekends_between_holidays_belong_to_a_closure_and_those_around_do_not() {
    let closed = |closed: &str, least: &str| {
        let source = DESK.replace("2026-12-25 = \"Christmas Day\"\n", closed) + least;
        let policy = Policy::parse(&source, "policy.toml", pages()).unwrap();
        let ahead = policy.closures_ahead(berlin("2026-12-20T12:00"));
        let dates = ahead
            .iter()
            .map(|it| format!("{}/{} {}", it.first, it.last, it.names.join(" + ")));
        dates.collect::<Vec<_>>()
    };
    // Friday 25th and Saturday 26th: two dates, with the Sunday after them three, which do not count.
    assert_eq!(closed("2026-12-25 = \"Christmas Day\"\n", ""), [""; 0]);
    assert_eq!(
        closed(
            "2026-12-25 = \"Christmas Day\"\n2026-12-28 = \"Bridge\"\n",
            ""
        ),
        ["2026-12-25/2026-12-28 Christmas Day + Second day of Christmas + Bridge"]
    );
    let two = "\n[closures]\nat_least = 2\nannounce = \"3 days\"\n";
    assert_eq!(closed("2026-12-25 = \"Christmas Day\"\n", two), [""; 0]);
    let five = "\n[closures]\nat_least = 2\nannounce = \"5 days\"\n";
    assert_eq!(
        closed("2026-12-25 = \"Christmas Day\"\n", five),
        ["2026-12-25/2026-12-26 Christmas Day + Second day of Christmas"]
    );
}
