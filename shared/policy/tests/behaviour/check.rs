//! Policies that are refused: one change to a good one, one problem, its place and its sentence.

use std::collections::BTreeMap;
use std::fmt::Write;

use policy::{Policy, Severity};

use crate::{DESK, PAGE, lang, pages};

fn check(source: &str, at: Option<jiff::Timestamp>) -> (Option<Policy>, Vec<policy::Problem>) {
    let files = policy::Files {
        source,
        file: "policy.toml",
        pages: pages(),
        ..policy::Files::default()
    };
    Policy::check(files, at)
}

/// The problems of the desk with one text replaced.
fn problems(from: &str, to: &str) -> Vec<String> {
    assert_eq!(
        DESK.matches(from).count(),
        1,
        "`{from}` stands in the desk once"
    );
    let at = "2025-11-20T00:00:00Z".parse().unwrap();
    let (policy, problems) = check(&DESK.replace(from, to), Some(at));
    assert_eq!(
        policy.is_none(),
        problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    );
    let quiet = |problem: &&policy::Problem| !problem.message.contains("lists no holiday in 2026");
    problems
        .iter()
        .filter(quiet)
        .map(ToString::to_string)
        .collect()
}

#[test]
fn each_fault_is_named_with_its_place_and_what_to_write_instead() {
    let cases = [
        (
            "prefix = \"TD\"",
            "prefix = \"td\"",
            "policy.toml:3:10: `td` is not a prefix; write 1 to 4 letters from A to Z, such as `EH`",
        ),
        (
            "prefix = \"TD\"",
            "",
            "policy.toml:1:1: the policy has no `prefix`; write `prefix = \"EH\"`",
        ),
        (
            "prefix = \"TD\"",
            "prefix = 7",
            "policy.toml:3:10: this is a number; write a text `\"…\"`",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Berlin\"",
            "policy.toml:4:8: `Berlin` is not a time zone; write an IANA name such as `Australia/Sydney`",
        ),
        (
            "prevailing = \"en\"",
            "prevailing = \"vi\"",
            "policy.toml:6:14: there is no language `vi`; write one of `de`, `en`",
        ),
        (
            "management = [\"boss\"]",
            "management = [\"bos\"]",
            "policy.toml:8:15: there is no person `bos`; write `boss`",
        ),
        (
            "management = [\"boss\"]",
            "management = []",
            "policy.toml:8:14: the list is empty; write at least one entry, or leave the key out",
        ),
        (
            "\"https://desk.example/privacy\"",
            "\"desk.example\"",
            "policy.toml:13:15: this is not a web address; write one that begins with `https://`",
        ),
        (
            "mon-fri = [\"09:00-17:00\"]",
            "mon-fri = [\"9-5\"]",
            "policy.toml:16:12: `9-5` is not an interval; write `09:00-17:30`, with times from `00:00` to `24:00`",
        ),
        (
            "mon-fri = [\"09:00-17:00\"]",
            "mon-fri = [\"09:00-17:00\"]\nfri = [\"09:00-12:00\"]",
            "policy.toml:17:1: `fri` has hours already; write each day once",
        ),
        (
            "mon-fri = [\"09:00-17:00\"]",
            "fri-mon = [\"09:00-17:00\"]\nsat = [\"09:00-12:00\"]",
            "policy.toml:16:1: `fri-mon` runs backwards; a week is written from `mon` to `sun`",
        ),
        (
            "mon-fri = [\"09:00-17:00\"]",
            "",
            "policy.toml:15:12: calendar `office`: the calendar never opens; write hours under `week`, or leave some dates open",
        ),
        (
            "2026-12-25 =",
            "2026-02-30 =",
            "policy.toml:18:1: `2026-02-30` is not a date; write `2026-01-26`, `2027-02-05/2027-02-11` (first and last day) or `12-25` (every year)",
        ),
        (
            "2026-12-24 = [\"09:00-13:00\"]",
            "2026-12-25 = [\"09:00-13:00\"]",
            "policy.toml:21:1: 2026-12-25 is closed and has hours; leave one of the two out",
        ),
        (
            "2026-12-24 = [\"09:00-13:00\"]",
            "2026-12-24 = [\"22:00-02:00\"]",
            "policy.toml:15:12: calendar `office`: the hours of 2026-12-24 run past midnight; write the part after midnight under the next date",
        ),
        (
            "[calendars.daily.week]",
            "[calendars.always.week]\nmon = [\"00:00-24:00\"]\n[calendars.daily.week]",
            "policy.toml:34:12: `always` is built in and open all the time; write another name",
        ),
        (
            "address = \"b@staff.example\"",
            "address = \"a@staff.example\"",
            "policy.toml:39:37: `a@staff.example` is the address of `ann` too; write one of their own",
        ),
        (
            "address = \"b@staff.example\"",
            "address = \"b at staff\"",
            "policy.toml:39:37: `b at staff` is not a mail address; write `name@example.com`",
        ),
        (
            "lang = \"de\" }",
            "lang = \"vi\" }",
            "policy.toml:39:63: `languages` does not list `vi`; write one of `de`, `en`",
        ),
        (
            "name = { en = \"Sales\", de = \"Vertrieb\" }",
            "name = { en = \"Sales\" }",
            "policy.toml:50:8: the name is missing in `de`; write `de = \"…\"`",
        ),
        (
            "addresses = [\"sales@desk.example\"]",
            "addresses = [\"tech@desk.example\"]",
            "policy.toml:51:14: `tech@desk.example` reaches `tech` already; write it in one place",
        ),
        (
            "addresses = [\"sales@desk.example\"]",
            "addresses = [\"help@desk.example\"]",
            "policy.toml:51:14: `help@desk.example` reaches the desk as a whole already; write it in one place",
        ),
        (
            "calendar = \"office\"",
            "calendar = \"ofice\"",
            "policy.toml:52:12: there is no calendar `ofice`; write `office`",
        ),
        (
            "calendar = \"office\"",
            "",
            "policy.toml:49:14: [departments.sales] has no `calendar`; write `calendar = \"office\"`",
        ),
        (
            "agents = [\"ann\", \"ben\"]",
            "agents = [\"ann\", \"ann\"]",
            "policy.toml:46:18: `ann` stands in this list twice; write it once",
        ),
        (
            "agents = [\"ann\", \"ben\"]",
            "agents = []",
            "policy.toml:46:10: the list is empty; write at least one entry, or leave the key out",
        ),
        (
            "lead = \"ben\"",
            "",
            "policy.toml:42:14: [departments.tech] has no `lead`; write `lead = \"lead-1\"`",
        ),
        (
            "on_form = false",
            "on_from = false",
            "policy.toml:62:1: [departments.inner] has no key `on_from`; write `on_form`, or leave it out",
        ),
        (
            "on_form = false",
            "on_form = \"no\"",
            "policy.toml:62:11: this is a text; write `true` or `false`",
        ),
        (
            "default = \"normal\"",
            "default = \"medium\"",
            "policy.toml:65:11: `medium` is not one of `low`, `normal`, `high`, `urgent`",
        ),
        (
            "at = \"75%\"",
            "at = \"soon\"",
            "policy.toml:70:25: `soon` is not a point; write `75%`, `due`, `30 minutes before` or `2 hours after`",
        ),
        (
            "to = [\"management\"]",
            "to = []",
            "policy.toml:73:47: the list is empty; write at least one entry, or leave the key out",
        ),
        (
            "to = [\"management\"]",
            "to = [\"ceo\"]",
            "policy.toml:73:48: `ceo` is not one of `assignee`, `department`, `lead`, `management`, `person:ID`, `address:name@example.com`, `on_call:ID`",
        ),
        (
            "to = [\"assignee\", \"department\"]",
            "to = [\"assignee\"]",
            "policy.toml:70:37: a ticket may have no assignee, then nobody is told; add `department` or `lead`",
        ),
        (
            "{ id = \"late\"",
            "{ id = \"lead\"",
            "policy.toml:73:5: level `lead` exists already on this ladder; write another id",
        ),
        (
            "ladder = \"standard\"",
            "ladder = \"standart\"",
            "policy.toml:100:10: there is no ladder `standart`; write `standard`",
        ),
        (
            "metric = \"resolution\"",
            "metric = \"solve\"",
            "policy.toml:104:10: `solve` is not one of `acknowledge`, `first_response`, `next_response`, `update`, `resolution`",
        ),
        (
            "id = \"solution\"",
            "id = \"response\"",
            "policy.toml:102:1: promise `response` exists already; write another id",
        ),
        (
            "departments = [\"sales\"]",
            "departments = [\"sale\"]",
            "policy.toml:88:16: there is no department `sale`; write `sales`",
        ),
        (
            "departments = [\"sales\"]",
            "",
            "policy.toml:93:1: promise `response` can never match: earlier promises take all its tickets; move it up, or leave it out",
        ),
        (
            "within = \"4 open hours\"",
            "within = \"4 hours\"",
            "policy.toml:97:10: `4 hours` can be read in several ways; write `4 open hours` (while the calendar is open) or `4 weekday hours` (all 24 hours of each date on which it opens) or `4 elapsed hours` (night and holiday included)",
        ),
        (
            "within = \"4 open hours\"",
            "within = \"1 business day\"",
            "policy.toml:97:10: `1 business day` can be read in several ways; write `1 open day` (dates on which the calendar opens) or `1 elapsed day` (24 hours each, holidays included)",
        ),
        (
            "within = \"4 open hours\"",
            "within = \"soon\"",
            "policy.toml:97:10: `soon` is not a target; write a number and a unit, such as `4 open hours`, `1 open day`, `24 weekday hours` or `48 elapsed hours`",
        ),
        (
            "within = \"4 open hours\"",
            "within = \"0 open hours\"",
            "policy.toml:97:10: `0 open hours` is out of range; write an amount of at least 1 and at most ten years",
        ),
        (
            "within = \"48 elapsed hours\"",
            "within = \"48 elapsed hours\"\ncalendar = \"office\"",
            "policy.toml:106:12: `48 elapsed hours` counts on no calendar; leave `calendar` out, or write open hours",
        ),
        (
            "pauses_in = [\"pending\", \"on_hold\"]",
            "pauses_in = [\"waiting\"]",
            "policy.toml:108:14: `waiting` is not one of `new`, `open`, `pending`, `on_hold`, `solved`, `closed`",
        ),
        (
            "strength = \"commitment\"",
            "",
            "policy.toml:93:1: [[promises]] has no `strength`; write `strength = \"target\"`",
        ),
        (
            "id = \"desk\"",
            "id = \"Desk!\"",
            "policy.toml:2:6: `Desk!` is not an id: 1 to 32 of the characters a-z, 0-9 and -",
        ),
        (
            "id = \"internal\"",
            "id = \"internal\"\nid = \"again\"",
            "policy.toml:78:1: this is not TOML: duplicate key",
        ),
        (
            "[priorities]",
            "[priorities",
            "policy.toml:64:12: this is not TOML: unclosed table, expected `]`",
        ),
    ];
    let mut wrong = String::new();
    for (from, to, expected) in cases {
        let mut problems = problems(from, to);
        // A ladder that the fault left without a promise is told too, as a warning.
        problems.retain(|problem| !problem.contains("no promise climbs"));
        if problems != [expected] {
            writeln!(
                wrong,
                "{from} -> {to}\n  want {expected}\n  have {problems:?}"
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn all_faults_of_a_file_are_told_at_once_in_its_order() {
    let source = DESK
        .replace("\"TD\"", "\"td\"")
        .replace("\"09:00-17:00\"", "\"9-5\"")
        .replace("\"75%\"", "\"750%%\"");
    let problems = Policy::parse(&source, "policy.toml", pages()).unwrap_err();
    assert_eq!(
        problems
            .iter()
            .map(|problem| problem.line)
            .collect::<Vec<_>>(),
        [3, 16, 70]
    );
}

fn page_problems(page: &str) -> Vec<String> {
    let problems = Policy::parse(
        DESK,
        "some/policy.toml",
        [(lang("en"), page.to_owned())].into(),
    )
    .unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_placeholder_that_stands_for_nothing_is_refused_at_its_place() {
    assert_eq!(
        page_problems(&format!("{PAGE}\nWe: {{company.nam}}")),
        [
            "some/page.en.md:12:5: `{company.nam}` stands for nothing; write `company.name`, in braces"
        ],
    );
}

#[test]
fn a_published_promise_must_stand_on_the_page() {
    assert_eq!(
        page_problems(&PAGE.replace("{promise.response.target}", "a while")),
        [
            "some/page.en.md:1:1: the page does not tell of published promise `response`; write `{promise.response.target}` in it"
        ],
    );
}

#[test]
fn a_page_in_the_prevailing_language_must_be_there() {
    let problems = Policy::parse(DESK, "policy.toml", BTreeMap::new()).unwrap_err();
    assert_eq!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["policy.toml:6:14: there is no page in the prevailing language; write `page.en.md`"],
    );
}

#[test]
fn a_page_in_a_language_we_do_not_speak_is_refused() {
    let mut pages = pages();
    pages.insert(lang("vi"), PAGE.to_owned());
    let problems = Policy::parse(DESK, "policy.toml", pages).unwrap_err();
    assert_eq!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["page.vi.md:1:1: `languages` does not list `vi`; add it there, or remove this page"],
    );
}

#[test]
fn a_holiday_list_that_runs_out_is_a_warning() {
    let warnings = |at: &str| {
        let (policy, problems) = check(DESK, Some(at.parse().unwrap()));
        assert!(policy.is_some());
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    // Half an hour before New Year in Berlin, and after it. `night` works every day, so on holidays too.
    assert_eq!(warnings("2025-12-31T22:30:00Z"), [""; 0]);
    assert_eq!(
        warnings("2025-12-31T23:30:00Z"),
        [
            "policy.toml:15:12: warning: calendar `office` lists no holiday in 2027; add them under `[calendars.office.closed]`",
        ],
    );
}

#[test]
fn a_promise_that_says_itself_that_it_is_out_of_order_is_not_warned_of() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/broken/warning-later-is-due-earlier"
    );
    let file = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
    for (key, warnings) in [("", 1), ("in_order = false\n", 0), ("in_order = true\n", 0)] {
        let source = format!("{}{key}", file("policy.toml"));
        let files = policy::Files {
            source: &source,
            file: "policy.toml",
            pages: [(lang("en"), file("page.en.md"))].into(),
            holidays: BTreeMap::new(),
            ..policy::Files::default()
        };
        let (_, problems) = Policy::check(files, Some("2026-11-23T00:00:00Z".parse().unwrap()));
        assert_eq!(problems.len(), warnings, "{key}: {problems:?}");
    }
}

#[test]
fn a_ladder_that_nobody_climbs_is_a_warning() {
    assert_eq!(
        problems("ladder = \"standard\"", "")
            .iter()
            .filter(|problem| problem.contains("no promise climbs"))
            .collect::<Vec<_>>(),
        [
            "policy.toml:69:1: warning: no promise climbs ladder `standard`; name it in one, or leave it out"
        ],
    );
}
