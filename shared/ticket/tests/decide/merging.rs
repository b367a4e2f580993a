//! `/merge NUMBER`: this ticket goes on with that one.

use jiff::Timestamp;
use policy::{Metric, Priority, Status, TicketType};
use ticket::{
    Actor, Addressee, Command, Contact, ContentDigest, Context, Decision, Event, MergeRefusal,
    NoteReason, Open, Order, OrderLine, Other, Pepper, Refusal, Text, Ticket, TicketId, Words,
    clocks, decide_merging, transcript,
};

use crate::desk::{Desk, customer, instant, line, open_command, pages, person, reply, told};
use crate::people::contact;

const TEN: &str = "2026-11-23T10:00:00Z";
const NOON: &str = "2026-11-23T12:00:00Z";

/// A proved mail to the technical department, by a key of its own.
fn opened(key: &str, at: &str, change: impl FnOnce(&mut Open)) -> Desk {
    let mut open = open_command(Some("technical"));
    open.id = TicketId::derive(&Pepper::new("p"), "email", key, 0);
    open.source = ContentDigest::of(&[key.as_bytes()]);
    open.proved = true;
    change(&mut open);
    Desk::open(&open, at)
}

fn number(desk: &Desk) -> String {
    desk.ticket.id.number("TT")
}

fn merge(target: &Desk, confirmed: bool) -> Order {
    let into = target.ticket.id;
    Order::Merge { into, confirmed }
}

/// Orders a merge by Ann; what becomes of both, or why nothing does.
fn try_merge(
    source: &mut Desk,
    target: &mut Desk,
    order: &Order,
    at: &str,
) -> Result<(Decision, Decision), Refusal> {
    let people: Vec<Contact> = [customer()]
        .into_iter()
        .chain([contact("friend@example.org"), contact("other@example.org")])
        .collect();
    let words = transcript("A subject", &source.log);
    let named = match order {
        Order::Merge { into, .. } => *into,
        _ => target.ticket.id,
    };
    let other = Other {
        named,
        end: &target.ticket,
        policy: &target.policy,
        people: &people,
        words: &words,
    };
    let command = Command::Orders {
        by: Actor::Operator,
        orders: vec![line(order.clone())],
    };
    let at = instant(at);
    let context = Context {
        at,
        now: at,
        policy: &source.policy,
    };
    let (closed, goes_on) = decide_merging(&source.ticket, &command, &context, Some(&other))?;
    let goes_on = goes_on.unwrap();
    for (desk, decision) in [(source, &closed), (target, &goes_on)] {
        desk.ticket = decision.ticket.clone();
        desk.next_due = decision.next_due;
        desk.log.extend(decision.events.clone());
        desk.check();
    }
    Ok((closed, goes_on))
}

fn refused(source: &mut Desk, target: &mut Desk, confirmed: bool) -> MergeRefusal {
    let order = merge(target, confirmed);
    match try_merge(source, target, &order, NOON) {
        Err(Refusal::Merge(why)) => why,
        other => panic!("not refused: {other:?}"),
    }
}

fn due(desk: &Desk, metric: Metric) -> Option<Timestamp> {
    let clocks = clocks(&desk.ticket, &desk.policy);
    let clock = clocks.iter().find(|clock| clock.promise.metric == metric)?;
    clock.due.filter(|_| clock.running)
}

#[test]
fn a_merged_ticket_closes_owes_nothing_and_says_where_it_goes_on() {
    let (mut source, mut target) = (opened("a", TEN, |_| ()), opened("b", TEN, |_| ()));
    let order = merge(&target, false);
    let (closed, goes_on) = try_merge(&mut source, &mut target, &order, NOON).unwrap();
    assert_eq!(source.ticket.status, Status::Closed);
    assert_eq!(source.ticket.merged_into, Some(target.ticket.id));
    assert_eq!(target.ticket.merged_from, [source.ticket.id]);
    assert_eq!((source.next_due, source.ticket.missed.len()), (None, 0));
    let running = clocks(&source.ticket, &source.policy);
    assert!(running.iter().all(|clock| !clock.running));
    let solved = running
        .iter()
        .find(|it| it.promise.metric == Metric::Resolution);
    assert_eq!(solved.unwrap().met_at, None, "merged is not solved");
    assert_eq!(told(&closed), Vec::<String>::new());
    assert_eq!(
        told(&goes_on),
        ["merged>customer", "merged_here>ann", "merged_here>bob"]
    );
    assert_eq!(goes_on.contacts, []);
}

#[test]
fn whoever_has_the_ticket_is_told_and_whoever_ordered_it_is_not() {
    let (mut source, mut target) = (opened("a", TEN, |_| ()), opened("b", TEN, |_| ()));
    target.orders(&[Order::Assign(person("bob"))], TEN);
    let order = merge(&target, false);
    let (_, goes_on) = try_merge(&mut source, &mut target, &order, NOON).unwrap();
    assert_eq!(told(&goes_on), ["merged>customer", "merged_here>bob"]);
}

#[test]
fn the_earlier_deadline_of_each_metric_counts_on_the_ticket_that_goes_on() {
    // Opened at nine: due at five. Opened at one: due the next day at one.
    let mut source = opened("a", "2026-11-23T09:00:00Z", |_| ());
    let mut target = opened("b", "2026-11-23T13:00:00Z", |_| ());
    let order = merge(&target, false);
    try_merge(&mut source, &mut target, &order, "2026-11-23T14:00:00Z").unwrap();
    assert_eq!(
        due(&target, Metric::FirstResponse),
        Some(instant("2026-11-23T17:00:00Z"))
    );
    assert_eq!(
        due(&target, Metric::Resolution),
        Some(instant("2026-11-24T17:00:00Z"))
    );
    // The other way round nothing changes, because nothing is earlier.
    let mut source = opened("a", "2026-11-23T13:00:00Z", |_| ());
    let mut target = opened("b", "2026-11-23T09:00:00Z", |_| ());
    let order = merge(&target, false);
    try_merge(&mut source, &mut target, &order, "2026-11-23T14:00:00Z").unwrap();
    assert_eq!(target.ticket.bounds, []);
}

#[test]
fn an_unanswered_request_is_owed_an_answer_where_the_first_one_was_given_already() {
    let mut source = opened("a", TEN, |_| ());
    let mut target = opened("b", TEN, |_| ());
    target.agent_replies("2026-11-23T11:00:00Z");
    assert_eq!(target.ticket.status, Status::Pending);
    let order = merge(&target, false);
    try_merge(&mut source, &mut target, &order, NOON).unwrap();
    assert_eq!(target.ticket.status, Status::Open, "somebody waits");
    assert_eq!(target.ticket.waiting_since, Some(instant(TEN)));
    // Eight open hours from ten, as the source had it: the next day at ten.
    assert_eq!(
        due(&target, Metric::NextResponse),
        Some(instant("2026-11-24T10:00:00Z"))
    );
}

#[test]
fn what_was_missed_stays_missed_and_told_and_is_due_elsewhere_in_half_an_hour() {
    let mut source = opened("a", "2026-11-20T10:00:00Z", |_| ());
    let mut target = opened("b", TEN, |_| ());
    let order = merge(&target, false);
    let (closed, _) = try_merge(&mut source, &mut target, &order, NOON).unwrap();
    let missed: Vec<&str> = source
        .ticket
        .missed
        .iter()
        .map(|it| it.promise.as_ref())
        .collect();
    assert_eq!(missed, ["first"]);
    assert_eq!(told(&closed), ["missed>customer"]);
    assert_eq!(
        due(&target, Metric::FirstResponse),
        Some(instant("2026-11-23T12:30:00Z"))
    );
    assert_eq!(target.ticket.missed, []);
}

#[test]
fn a_deadline_that_the_other_ticket_has_missed_does_not_move() {
    let mut source = opened("a", TEN, |_| ());
    let mut target = opened("b", "2026-11-20T10:00:00Z", |_| ());
    let before = due(&target, Metric::FirstResponse);
    let order = merge(&target, false);
    try_merge(&mut source, &mut target, &order, NOON).unwrap();
    assert_eq!(due(&target, Metric::FirstResponse), before);
}

#[test]
fn a_miss_stays_a_miss_where_another_promise_answers_for_the_question_after_the_merge() {
    let by_night = "id = \"next-night\"\nmetric = \"next_response\"\nreceived = { in = \"nights\" }\nwithin = \"4 open hours\"\nstrength = \"target\"\npublished = true\nladder = \"standard\"\n\n[[promises]]\nid = \"next\"";
    let source_text = include_str!("policy.toml")
        .replace(
            "[people]",
            "[calendars.nights.week]\nmon-fri = [\"00:00-09:00\"]\n\n[people]",
        )
        .replace("id = \"next\"", by_night);
    let pages = pages(&[
        "receipt",
        "first-billing",
        "first-urgent",
        "first",
        "next-night",
        "next",
    ]);
    let policy = policy::Policy::parse(&source_text, "policy.toml", pages).unwrap();
    let open = |key: &str, at: &str| {
        let mut open = open_command(Some("technical"));
        open.id = TicketId::derive(&Pepper::new("p"), "email", key, 0);
        open.proved = true;
        Desk::open_under(policy.clone(), &open, at)
    };
    let mut source = open("a", "2026-11-23T08:00:00Z");
    let mut target = open("b", "2026-11-20T10:00:00Z");
    target.agent_replies("2026-11-20T11:00:00Z");
    target.customer_writes("2026-11-23T09:30:00Z");
    let before = due(&target, Metric::NextResponse);
    target.tick("2026-11-24T10:00:00Z");
    let missed = target.ticket.missed.clone();
    assert_eq!(
        missed
            .iter()
            .map(|it| it.promise.as_ref())
            .collect::<Vec<_>>(),
        ["next"]
    );
    let order = merge(&target, false);
    try_merge(&mut source, &mut target, &order, "2026-11-24T12:00:00Z").unwrap();
    assert_eq!(
        target.ticket.waiting_since,
        Some(instant("2026-11-23T08:00:00Z"))
    );
    assert_eq!(due(&target, Metric::NextResponse), before);
    target.tick("2026-11-24T13:00:00Z");
    assert_eq!(target.ticket.missed, missed);
}

#[test]
fn merges_that_no_confirmation_makes_good_are_refused() {
    type Change = fn(&mut Desk, &mut Desk);
    let solve: Change = |_, target| {
        target.orders(&[Order::Status(Status::Solved)], TEN);
    };
    let solved_here: Change = |source, _| {
        source.orders(&[Order::Status(Status::Solved)], TEN);
    };
    let full: Change = |_, target| {
        let id = |n: u32| TicketId::derive(&Pepper::new("p"), "email", &n.to_string(), 0);
        target.ticket.merged_from = (0..20).map(id).collect();
    };
    for (what, change, sentence) in [
        ("solved there", solve, "is solved or closed"),
        ("solved here", solved_here, "is solved or closed"),
        ("full", full, "has no room"),
    ] {
        let (mut source, mut target) = (opened("a", TEN, |_| ()), opened("b", TEN, |_| ()));
        change(&mut source, &mut target);
        let why = refused(&mut source, &mut target, true).to_string();
        assert!(why.contains(sentence), "{what}: {why}");
    }
}

#[test]
fn a_complaint_is_not_lost_in_what_is_none_and_takes_others_in() {
    let complaint = || opened("a", TEN, |open| open.ticket_type = TicketType::Complaint);
    let request = || opened("b", TEN, |_| ());
    let (mut source, mut target) = (complaint(), request());
    let (theirs, own) = (number(&target), number(&source));
    assert_eq!(
        refused(&mut source, &mut target, true),
        MergeRefusal::Complaint(theirs, own)
    );
    let order = merge(&source, false);
    try_merge(&mut target, &mut source, &order, NOON).unwrap();
    assert_eq!(source.ticket.ticket_type, TicketType::Complaint);
}

#[test]
fn a_promise_that_nothing_like_runs_for_on_the_other_ticket_keeps_it_from_merging() {
    let source_text = include_str!("policy.toml").replace(
        "id = \"solve\"\nmetric = \"resolution\"\nwithin = \"16 open hours\"\nstrength = \"target\"\npublished = false",
        "id = \"solve\"\nmetric = \"resolution\"\ndepartments = [\"technical\"]\nwithin = \"16 open hours\"\nstrength = \"target\"\npublished = true",
    );
    let pages = pages(&[
        "receipt",
        "first-billing",
        "first-urgent",
        "first",
        "next",
        "solve",
    ]);
    let policy = policy::Policy::parse(&source_text, "policy.toml", pages).unwrap();
    let open = |key: &str, department: &str| {
        let mut open = open_command(Some(department));
        open.id = TicketId::derive(&Pepper::new("p"), "email", key, 0);
        open.proved = true;
        Desk::open_under(policy.clone(), &open, TEN)
    };
    let (mut source, mut target) = (open("a", "technical"), open("b", "billing"));
    let (theirs, own) = (number(&target), number(&source));
    assert_eq!(
        refused(&mut source, &mut target, true),
        MergeRefusal::LosesPromise(theirs, own, "solve".into())
    );
    let order = merge(&source, false);
    try_merge(&mut target, &mut source, &order, NOON).unwrap();
}

#[test]
fn where_a_merge_leads_back_or_elsewhere_it_is_refused_with_where() {
    let (mut a, mut b) = (opened("a", TEN, |_| ()), opened("b", TEN, |_| ()));
    let mut c = opened("c", TEN, |_| ());
    let itself = merge(&a, false);
    let mut same = opened("a", TEN, |_| ());
    let why = try_merge(&mut a, &mut same, &itself, NOON).unwrap_err();
    assert_eq!(why, MergeRefusal::Itself(number(&a)).into());
    let order = merge(&b, false);
    try_merge(&mut a, &mut b, &order, NOON).unwrap();
    // A goes on with B: naming A on C leads to B.
    let into_a = merge(&a, false);
    let why = try_merge(&mut c, &mut b, &into_a, NOON).unwrap_err();
    let goes_on = MergeRefusal::GoesOn(number(&a), number(&b));
    assert_eq!(why, goes_on.into());
    // On B it leads back to B.
    let mut end = opened("b", TEN, |_| ());
    end.ticket = b.ticket.clone();
    let why = try_merge(&mut b, &mut end, &into_a, NOON).unwrap_err();
    assert_eq!(why, MergeRefusal::CameFromThere(number(&a)).into());
    // And A takes no orders any more.
    let gone = a.try_do(
        &Command::Orders {
            by: Actor::Operator,
            orders: vec![line(Order::Status(Status::Open))],
        },
        NOON,
    );
    assert_eq!(gone, Err(MergeRefusal::Gone(number(&b)).into()));
}

#[test]
fn a_chain_of_three_knows_all_of_its_tickets() {
    let (mut a, mut b) = (opened("a", TEN, |_| ()), opened("b", TEN, |_| ()));
    let mut c = opened("c", TEN, |_| ());
    let order = merge(&b, false);
    try_merge(&mut a, &mut b, &order, NOON).unwrap();
    let order = merge(&c, false);
    try_merge(&mut b, &mut c, &order, NOON).unwrap();
    assert_eq!(c.ticket.merged_from, [b.ticket.id, a.ticket.id]);
}

#[test]
fn another_customers_ticket_takes_a_second_word_and_shows_nothing_of_before() {
    let (mut source, mut target) = (
        opened("a", TEN, |_| ()),
        opened("b", TEN, |open| {
            open.requester = contact("other@example.org");
        }),
    );
    let theirs = number(&target);
    assert_eq!(
        refused(&mut source, &mut target, false),
        MergeRefusal::OtherCustomer(theirs)
    );
    let order = merge(&target, true);
    let (_, goes_on) = try_merge(&mut source, &mut target, &order, NOON).unwrap();
    assert_eq!(goes_on.contacts, [customer()]);
    let joined = goes_on.ticket.reads_after(&customer().hash);
    assert!(joined > 0, "they read nothing of before");
    // What was written there stands in one event, which no page and no mail to customers reads.
    let with_words: Vec<&Event> = goes_on
        .events
        .iter()
        .filter(|it| it.words.is_some())
        .map(|it| &it.event)
        .collect();
    assert!(matches!(with_words[..], [Event::MergedFrom(_)]));
    let customers: Vec<(&Addressee, &Text)> = goes_on
        .notices
        .iter()
        .filter(|it| matches!(it.to, Addressee::Customer(_)))
        .map(|it| (&it.to, &it.text))
        .collect();
    let to = Addressee::Customer(customer().hash);
    let from = source.ticket.id;
    assert_eq!(customers, [(&to, &Text::Merged { from })]);
}

#[test]
fn a_typed_address_and_new_readers_take_a_second_word_too() {
    let unproved: fn(&mut Open) = |open| open.proved = false;
    let proved: fn(&mut Open) = |_| ();
    for (source, target) in [(unproved, proved), (proved, unproved)] {
        let (mut source, mut target) = (opened("a", TEN, source), opened("b", TEN, target));
        let theirs = number(&target);
        assert_eq!(
            refused(&mut source, &mut target, false),
            MergeRefusal::Unproved(theirs)
        );
        let order = merge(&target, true);
        try_merge(&mut source, &mut target, &order, NOON).unwrap();
    }
    let (mut source, mut target) = (opened("a", TEN, |_| ()), opened("b", TEN, |_| ()));
    let who = contact("friend@example.org");
    source.orders(&[Order::AddParticipant { who, earlier: true }], TEN);
    let theirs = number(&target);
    assert_eq!(
        refused(&mut source, &mut target, false),
        MergeRefusal::LetsIn(theirs)
    );
    let order = merge(&target, true);
    let (_, goes_on) = try_merge(&mut source, &mut target, &order, NOON).unwrap();
    assert_eq!(goes_on.contacts, [contact("friend@example.org")]);
    assert!(
        goes_on
            .ticket
            .reads_after(&contact("friend@example.org").hash)
            > 0
    );
}

#[test]
fn two_merges_in_one_mail_are_one_and_without_a_ticket_none() {
    let (mut source, mut target) = (opened("a", TEN, |_| ()), opened("b", TEN, |_| ()));
    let alone = source.try_do(
        &Command::Orders {
            by: Actor::Operator,
            orders: vec![line(merge(&target, false))],
        },
        NOON,
    );
    let none = MergeRefusal::NoSuchTicket(number(&target));
    assert_eq!(alone, Err(none.into()));
    // The first names a ticket that is solved; what else there may be was not looked at.
    target.orders(&[Order::Status(Status::Solved)], TEN);
    let third = opened("c", TEN, |_| ());
    let other = Other {
        named: target.ticket.id,
        end: &target.ticket,
        policy: &target.policy,
        people: &[],
        words: &Words::default(),
    };
    let command = Command::Orders {
        by: Actor::Agent(person("ann")),
        orders: vec![line(merge(&target, false)), line(merge(&third, false))],
    };
    let now = instant(NOON);
    let context = Context {
        at: now,
        now,
        policy: &source.policy,
    };
    let decided = decide_merging(&source.ticket, &command, &context, Some(&other));
    let (decision, merged) = decided.unwrap();
    assert_eq!((decision.events, merged), (Vec::new(), None));
    let Text::OrdersAnswered { answers } = &decision.notices[0].text else {
        panic!("no answer");
    };
    let why: Vec<_> = answers.iter().map(|it| it.refused.clone()).collect();
    let not_open = MergeRefusal::NotOpen(number(&target)).into();
    assert_eq!(why, [Some(not_open), Some(MergeRefusal::OneAtATime.into())]);
}

#[test]
fn notices_of_work_ahead_lose_their_point_and_words_and_misses_do_not() {
    let (mut source, mut target) = (opened("a", TEN, |_| ()), opened("b", TEN, |_| ()));
    let warned = source.tick("2026-11-23T16:30:00Z");
    let warning = warned.notices.first().unwrap().clone();
    let answer = source.do_at(&reply("ann", &[]), "2026-11-23T16:40:00Z");
    let order = merge(&target, false);
    try_merge(&mut source, &mut target, &order, "2026-11-23T16:50:00Z").unwrap();
    let holds =
        |to: &Addressee, text: &Text, ticket: &Ticket| text.still_holds(to, ticket, &source.policy);
    assert!(!holds(&warning.to, &warning.text, &source.ticket));
    let to = Addressee::Customer(customer().hash);
    assert!(!holds(&to, &Text::Acknowledgement, &source.ticket));
    assert!(holds(&to, &answer.notices[0].text, &source.ticket));
    let from = source.ticket.id;
    assert!(holds(&to, &Text::Merged { from }, &target.ticket));
}

#[test]
fn what_was_meant_for_one_customer_does_not_go_to_another_by_a_merge() {
    let source = opened("a", TEN, |_| ());
    let same = opened("b", TEN, |_| ());
    let other = opened("c", TEN, |open| {
        open.requester = contact("other@example.org");
    });
    let answer = || reply("ann", &[Order::Release { seq: 5 }, Order::Note]);
    let moved = |end: &Desk| answer().moved(&source.ticket, &end.ticket, "TT");
    let stays = |end: &Desk| -> Vec<Result<Order, Refusal>> {
        let why = MergeRefusal::EntryStays(number(end));
        vec![Err(why.into()), Ok(Order::Note)]
    };
    let orders = |orders: Vec<OrderLine>| -> Vec<Result<Order, Refusal>> {
        orders.into_iter().map(|it| it.order).collect()
    };
    match moved(&same) {
        Command::AgentReply { orders: lines, .. } => assert_eq!(orders(lines), stays(&same)),
        command => panic!("{command:?}"),
    }
    match moved(&other) {
        Command::InternalNote {
            instead_of_reply,
            orders: lines,
            ..
        } => {
            assert_eq!(instead_of_reply, Some(NoteReason::Merged));
            assert_eq!(orders(lines), stays(&other));
        }
        command => panic!("{command:?}"),
    }
}

#[test]
fn what_a_program_quotes_stays_apart_where_two_customers_were_merged() {
    let source = opened("a", TEN, |_| ());
    let same = opened("b", TEN, |_| ());
    let other = opened("c", TEN, |open| {
        open.requester = contact("other@example.org");
    });
    let quoted = |end: &Desk| {
        let words = Words {
            quoted: "Please help".into(),
            ..Words::text("Any news?")
        };
        let from = customer().hash;
        let command = Command::CustomerMessage {
            from,
            words,
            proved: false,
        };
        match command.moved(&source.ticket, &end.ticket, "TT") {
            Command::CustomerMessage { words, .. } => (words.text, words.quoted),
            command => panic!("{command:?}"),
        }
    };
    let said = "Any news?".to_owned();
    assert_eq!(quoted(&same), (said.clone(), "Please help".to_owned()));
    assert_eq!(quoted(&other), (said, String::new()));
}

#[test]
fn the_slash_line_is_read_with_any_prefix_and_its_second_word() {
    let desk = Desk::technical();
    let read = |args: &str| OrderLine::read("merge", args, None, &desk.policy, None).order;
    let into = desk.ticket.id;
    for (args, confirmed) in [
        (number(&desk), false),
        (format!("#{}", number(&desk)), false),
        (into.to_string().to_lowercase(), false),
        (format!("{} confirm", number(&desk)), true),
    ] {
        assert_eq!(read(&args), Ok(Order::Merge { into, confirmed }), "{args}");
    }
    for args in ["", "it", "TT-0000-0001", "TT-0000-0000 confirm now"] {
        let why = MergeRefusal::NotANumber(args.to_owned());
        assert_eq!(read(args), Err(why.into()), "{args}");
    }
}

#[test]
fn a_stricter_promise_of_an_urgent_request_survives_its_merge() {
    let mut source = opened("a", TEN, |open| open.priority = Some(Priority::Urgent));
    let mut target = opened("b", TEN, |_| ());
    let strict = due(&source, Metric::FirstResponse);
    let order = merge(&target, false);
    try_merge(&mut source, &mut target, &order, "2026-11-23T10:30:00Z").unwrap();
    assert_eq!(due(&target, Metric::FirstResponse), strict);
    assert_eq!(target.next_due.map(|at| at <= strict.unwrap()), Some(true));
}

#[test]
fn the_transcript_holds_requests_and_answers_and_no_notes() {
    let mut desk = opened("a", TEN, |_| ());
    desk.agent_replies("2026-11-23T11:00:00Z");
    desk.do_at(
        &Command::InternalNote {
            agent: person("ann"),
            words: Words::text("Careful with this one"),
            instead_of_reply: None,
            orders: Vec::new(),
        },
        NOON,
    );
    let words = transcript("A subject", &desk.log);
    assert_eq!(words.subject, "A subject");
    assert_eq!(
        words.text,
        "2026-11-23T10:00:00Z, customer:\nPlease help\n\n2026-11-23T11:00:00Z, agent ann:\nWe are on it"
    );
}
