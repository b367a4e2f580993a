//! Holiday files, and calendars that stand on others.

use std::collections::BTreeMap;

use policy::{CalendarId, Files, Policy};

use crate::{DESK, berlin, pages, shown};

fn with(calendars: &str, ics: &str) -> (Option<Policy>, Vec<String>) {
    let source = format!("{DESK}\n{calendars}");
    let holidays = BTreeMap::from([("holidays/days.ics".to_owned(), ics.to_owned())]);
    let files = Files {
        source: &source,
        file: "p/policy.toml",
        pages: pages(),
        holidays,
        ..Files::default()
    };
    let (policy, problems) = Policy::check(files, None);
    // Most calendars here are there to be read, not to be counted on.
    let told = problems.iter().map(ToString::to_string);
    let told = told.filter(|it| !it.contains("nothing counts on calendar"));
    (policy, told.collect())
}

const PHONE: &str = "[calendars.phone]\non = \"office\"\nholidays = [\"holidays/days.ics\"]\n";

fn file(events: &[&str]) -> String {
    let events = events.iter().enumerate().map(|(number, event)| {
        format!("BEGIN:VEVENT\r\nUID:{number}@example.com\r\n{event}\r\nEND:VEVENT\r\n")
    });
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n",
        events.collect::<String>()
    )
}

/// The imported closures as the policy keeps them.
fn imported(events: &[&str]) -> Vec<String> {
    let (policy, problems) = with(PHONE, &file(events));
    assert_eq!(problems, [""; 0]);
    let phone = CalendarId::new("phone").unwrap();
    let policy = policy.unwrap();
    let closed = &policy.calendar(&phone).unwrap().closed;
    let own = closed.iter().filter(|closure| closure.file.is_some());
    own.map(|closure| format!("{} {}", closure.dates, closure.name))
        .collect()
}

#[test]
fn whole_day_events_close_their_dates() {
    assert_eq!(
        imported(&[
            "SUMMARY:Spring\\, a day\r\nDTSTART;VALUE=DATE:20270301",
            "SUMMARY;LANGUAGE=vi:Tết Nguyên \r\n đán\r\nDTSTART;VALUE=DATE:20270205\r\nDTEND;VALUE=DATE:20270212",
            "SUMMARY:Two weeks\r\nDTSTART;VALUE=DATE:20270701\r\nDURATION:P2W",
            "SUMMARY:Same end\r\nDTSTART;VALUE=DATE:20270801\r\nDTEND;VALUE=DATE:20270801",
            "SUMMARY:Called off\r\nSTATUS:CANCELLED\r\nDTSTART;VALUE=DATE:20270901",
            "SUMMARY:Alarmed\r\nDTSTART;VALUE=DATE:20271001\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nSUMMARY:x\r\nEND:VALARM",
        ]),
        [
            "2027-02-05/2027-02-11 Tết Nguyên đán",
            "2027-03-01 Spring, a day",
            "2027-07-01/2027-07-14 Two weeks",
            "2027-08-01 Same end",
            "2027-10-01 Alarmed",
        ]
    );
}

#[test]
fn rules_repeat_as_rfc_5545_says() {
    let years = |rule: &str, first: &str| {
        imported(&[&format!(
            "SUMMARY:H\r\nDTSTART;VALUE=DATE:{first}\r\n{rule}"
        )])
        .iter()
        .map(|day| day.trim_end_matches(" H").to_owned())
        .collect::<Vec<_>>()
    };
    // The same day of every year stays a rule and never ends.
    assert_eq!(years("RRULE:FREQ=YEARLY", "19700101"), ["--01-01"]);
    assert_eq!(
        years("RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", "20201225"),
        ["--12-25"]
    );
    // The second Monday of June, without an end: to the end of the years that are kept, from the first on.
    let june = years("RRULE:FREQ=YEARLY;BYMONTH=6;BYDAY=2MO", "20000612");
    assert_eq!(
        (june.len(), &*june[0], &*june[3], &*june[10]),
        (11, "2024-06-10", "2027-06-14", "2034-06-12")
    );
    assert_eq!(
        years("RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2", "20260525"),
        ["2026-05-25", "2027-05-31"]
    );
    assert_eq!(
        years("RRULE:FREQ=YEARLY;UNTIL=20280704", "20260704"),
        ["2026-07-04", "2027-07-04", "2028-07-04"]
    );
    assert_eq!(
        years("RRULE:FREQ=YEARLY;INTERVAL=4", "20240229"),
        ["2024-02-29", "2028-02-29", "2032-02-29"]
    );
    assert_eq!(
        years(
            "RRULE:FREQ=MONTHLY;BYDAY=1FR;UNTIL=20270301T000000Z",
            "20270101"
        ),
        ["2027-01-01", "2027-02-05"]
    );
    assert_eq!(
        years(
            "RDATE;VALUE=DATE:20270302,20270401\r\nEXDATE;VALUE=DATE:20270302",
            "20270301"
        ),
        ["2027-03-01", "2027-04-01"]
    );
    assert_eq!(
        years(
            "RRULE:FREQ=YEARLY;COUNT=3\r\nEXDATE;VALUE=DATE:20270101",
            "20260101"
        ),
        ["2026-01-01", "2028-01-01"]
    );
}

#[test]
fn an_event_that_replaces_one_date_of_another_moves_it() {
    let events = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Day\nDTSTART;VALUE=DATE:20260601\nRRULE:FREQ=YEARLY;COUNT=2\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;VALUE=DATE:20270601\nSUMMARY:Day, moved\nDTSTART;VALUE=DATE:20270603\nEND:VEVENT\nEND:VCALENDAR\n";
    let (policy, problems) = with(PHONE, events);
    assert_eq!(problems, [""; 0]);
    let policy = policy.unwrap();
    let closed = &policy
        .calendar(&CalendarId::new("phone").unwrap())
        .unwrap()
        .closed;
    let days: Vec<_> = closed
        .iter()
        .filter(|it| it.file.is_some())
        .map(|it| it.dates.to_string())
        .collect();
    assert_eq!(days, ["2026-06-01", "2027-06-03"]);
}

#[test]
fn what_cannot_close_a_calendar_is_refused_at_its_line() {
    let problems = |event: &str| with(PHONE, &file(&[event])).1;
    let said =
        |line: usize, message: &str| vec![format!("p/holidays/days.ics:{line}:1: {message}")];
    assert_eq!(
        problems("SUMMARY:Party\r\nDTSTART:20270301T180000Z"),
        said(
            6,
            "`Party` has a time of day; only whole days close a calendar, so write hours of its own under `days` and take this event out"
        ),
    );
    assert_eq!(
        problems("DTSTART;VALUE=DATE:20270301"),
        said(
            3,
            "this event has no name; write `SUMMARY:` with the holiday's name"
        )
    );
    assert_eq!(
        problems("SUMMARY:H"),
        said(3, "`H` has no date; write `DTSTART;VALUE=DATE:20261225`")
    );
    assert_eq!(
        problems("SUMMARY:H\r\nDTSTART;VALUE=DATE:20270230"),
        said(6, "`20270230` is not a date; write `20261225`")
    );
    assert_eq!(
        problems("SUMMARY:H\r\nDTSTART;VALUE=DATE:20270301\r\nRRULE:FREQ=HOURLY"),
        said(
            3,
            "`H` repeats by `FREQ=HOURLY`, which cannot be followed (only whole days close a calendar); take the rule out and write its dates as `RDATE`"
        ),
    );
    assert_eq!(
        problems("SUMMARY:H\r\nDTSTART;VALUE=DATE:20270301\r\nRRULE:FREQ=DAILY"),
        said(
            3,
            "`H` repeats 1001 times; a holiday does not, so take it out"
        ),
    );
    assert_eq!(
        problems("SUMMARY:Old\r\nDTSTART;VALUE=DATE:19990301"),
        said(
            1,
            "this file has no whole-day event from 2024 to 2034; export the holidays again, or leave the file out"
        ),
    );
    assert_eq!(
        with(PHONE, "<html>").1,
        said(
            1,
            "this is not an iCalendar file; it begins with `BEGIN:VCALENDAR`"
        )
    );
    assert_eq!(
        with(PHONE, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:H\n").1[0],
        said(
            2,
            "this event has no end; the file was cut short, so export it again"
        )[0],
    );
}

#[test]
fn hostile_files_end_in_an_answer() {
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYSETPOS=400",
        "FREQ=;;;",
        "",
        "FREQ=YEARLY;INTERVAL=99999",
    ] {
        let event = format!("SUMMARY:H\r\nDTSTART;VALUE=DATE:20270301\r\nRRULE:{rule}");
        with(PHONE, &file(&[&event]));
    }
    for source in [
        "",
        ":",
        "\u{feff}BEGIN:VCALENDAR",
        " \r\n ;:",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;X=\"a:b\":\nSUMMARY:\\\nEND:VEVENT",
    ] {
        with(PHONE, source);
    }
}

const DAY_OFF: &str = "SUMMARY:Day off\r\nDTSTART;VALUE=DATE:20261123\r\nRRULE:FREQ=DAILY;COUNT=2";

fn due(calendars: &str, of: &str, start: &str) -> String {
    let (policy, problems) = with(calendars, &file(&[DAY_OFF]));
    assert_eq!(problems, [""; 0]);
    let id = CalendarId::new(of).unwrap();
    let policy = policy.unwrap();
    shown(policy.timetable(&id).unwrap().due(berlin(start), 8 * 3_600))
}

#[test]
fn a_calendar_takes_over_what_it_stands_on_and_adds_its_own() {
    // Office: Friday evening to Monday closing; with the file Monday and Tuesday are closed.
    assert_eq!(
        due(PHONE, "office", "2026-11-20T18:00"),
        "Mon 2026-11-23T17:00:00+01:00"
    );
    assert_eq!(
        due(PHONE, "phone", "2026-11-20T18:00"),
        "Wed 2026-11-25T17:00:00+01:00"
    );
    // Days and closures of the office hold for the phone too, unless it says otherwise.
    assert_eq!(
        due(PHONE, "phone", "2026-12-23T17:00"),
        "Mon 2026-12-28T13:00:00+01:00"
    );
    let own_day = format!("{PHONE}[calendars.phone.days]\n2026-12-25 = [\"09:00-17:00\"]\n");
    assert_eq!(
        due(&own_day, "phone", "2026-12-24T18:00"),
        "Fri 2026-12-25T17:00:00+01:00"
    );
    let own_closure = format!("{PHONE}[calendars.phone.closed]\n2026-12-24 = \"Christmas Eve\"\n");
    assert_eq!(
        due(&own_closure, "phone", "2026-12-23T17:00"),
        "Mon 2026-12-28T17:00:00+01:00"
    );
    let own_week = format!("{PHONE}[calendars.phone.week]\nmon-sun = [\"08:00-12:00\"]\n");
    assert_eq!(
        due(&own_week, "phone", "2026-11-20T18:00"),
        "Sun 2026-11-22T12:00:00+01:00"
    );
    let third = format!(
        "{PHONE}[calendars.chat]\non = \"phone\"\n[calendars.chat.closed]\n2026-11-25 = \"Move\"\n"
    );
    assert_eq!(
        due(&third, "chat", "2026-11-20T18:00"),
        "Thu 2026-11-26T17:00:00+01:00"
    );
}

#[test]
fn a_skipped_day_opens_again() {
    let skip = |dates: &str| format!("{PHONE}[calendars.phone.skip]\n{dates} = \"we work\"\n");
    assert_eq!(
        due(&skip("2026-11-23"), "phone", "2026-11-20T18:00"),
        "Mon 2026-11-23T17:00:00+01:00"
    );
    assert_eq!(
        due(&skip("2026-11-24"), "phone", "2026-11-20T18:00"),
        "Tue 2026-11-24T17:00:00+01:00"
    );
    assert_eq!(
        due(
            &skip("\"2026-11-01/2026-11-30\""),
            "phone",
            "2026-11-20T18:00"
        ),
        "Mon 2026-11-23T17:00:00+01:00"
    );
    assert_eq!(
        due(&skip("12-25"), "phone", "2026-12-24T18:00"),
        "Fri 2026-12-25T17:00:00+01:00"
    );
    // A date in the middle of a range, and one year of a day of every year.
    let tet = "[calendars.t]\non = \"split\"\n[calendars.t.skip]\n2027-02-08 = \"we work\"\n2028-12-25 = \"we work\"\n";
    let with_file = format!("{PHONE}{tet}");
    assert_eq!(
        due(&with_file, "t", "2027-02-05T00:00"),
        "Mon 2027-02-08T17:30:00+01:00"
    );
    assert_eq!(
        due(&with_file, "t", "2027-02-08T17:30"),
        "Fri 2027-02-12T17:30:00+01:00"
    );
    assert_eq!(
        due(&with_file, "t", "2028-12-24T18:00"),
        "Mon 2028-12-25T17:30:00+01:00"
    );
    assert_eq!(
        due(&with_file, "t", "2029-12-24T18:00"),
        "Wed 2029-12-26T17:30:00+01:00"
    );
}

#[test]
fn a_skip_that_matches_nothing_a_circle_and_a_missing_file_are_refused() {
    let problems = |calendars: &str| with(calendars, &file(&[DAY_OFF])).1;
    assert_eq!(
        problems(&format!(
            "{PHONE}[calendars.phone.skip]\n2027-05-05 = \"x\"\n"
        )),
        [
            "p/policy.toml:118:1: no day that this calendar takes over is 2027-05-05; write a date that one of its files or calendars closes"
        ],
    );
    assert_eq!(
        problems(&format!(
            "{PHONE}[calendars.a]\non = \"b\"\n[calendars.b]\non = \"a\"\n"
        )),
        ["p/policy.toml:120:6: `a` stands on itself; let one of them have a week of its own"],
    );
    assert_eq!(
        problems("[calendars.phone]\non = \"office\"\nholidays = [\"holidays/other.ics\"]\n"),
        [
            "p/policy.toml:1:1: warning: no calendar names `holidays/days.ics`; name it under `holidays`, or remove the file",
            "p/policy.toml:116:13: there is no file `holidays/other.ics` beside the policy; put it there, or take it out of this list",
        ],
    );
    assert_eq!(
        problems(&PHONE.replace("office", "offce")),
        ["p/policy.toml:115:6: there is no calendar `offce`; write `office`"],
    );
}
