//! The function's own code against an embedded table and a SES that does as it is told.

mod desk;
mod files;
mod ses;

use jiff::{SignedDuration, ToSpan as _};
use runtime::batch::Verdict;
use store::State;
use ticket::{Actor, Addressee, Command, Event, Lane, Text, Words};

use desk::{Desk, MONDAY, instant};
use ses::Order;

#[tokio::test]
async fn an_acknowledgement_is_sent_once_and_meets_its_promise() {
    let desk = Desk::new().await;
    let (ticket, notice) = desk.open_acknowledged_by_mail().await;
    assert_eq!(desk.deliver(ticket, &notice, MONDAY).await, Verdict::Done);
    assert_eq!(desk.deliver(ticket, &notice, MONDAY).await, Verdict::Done);
    let mails = desk.ses.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["customer@example.com"]);
    assert!(
        mails[0]
            .raw
            .contains("From: \"Example Hosting Pty Ltd\" <desk@mail.example.com>"),
        "{}",
        mails[0].raw
    );
    assert!(mails[0].raw.contains(&format!("X-Troth-Notice: {notice}")));
    let tags = [("ticket", ticket.to_string()), ("nid", notice.to_string())];
    let tags = tags.map(|(name, value)| (name.to_owned(), value));
    assert_eq!(
        mails[0].tags, tags,
        "what SES's events of the mail say again"
    );
    assert!(
        !mails[0].tracked,
        "a tracked link would give the customer's key away"
    );
    let State::Sent { ses_id, .. } = desk.state(ticket, &notice).await else {
        panic!("not sent");
    };
    let stored = desk.stored(ticket).await;
    assert_eq!(stored.ticket.acknowledged_at, Some(instant(MONDAY)));
    let key = desk.store().sent_mail(&ses_id).await.unwrap().unwrap();
    assert_eq!((key.ticket, key.notice), (ticket, notice));
}

#[tokio::test]
async fn a_sender_killed_after_recording_leaves_the_promise_to_the_second_delivery() {
    let desk = Desk::new().await;
    let (ticket, notice) = desk.open_acknowledged_by_mail().await;
    let (now, lease) = (instant(MONDAY), instant(MONDAY) + 90.seconds());
    desk.store()
        .claim(ticket, &notice, now, lease)
        .await
        .unwrap();
    desk.store()
        .sent(ticket, &notice, "ses-1", now)
        .await
        .unwrap();
    let later = "2026-11-23T00:06:00Z";
    assert_eq!(desk.deliver(ticket, &notice, later).await, Verdict::Done);
    assert!(desk.ses.mails().is_empty());
    assert_eq!(desk.stored(ticket).await.ticket.acknowledged_at, Some(now));
}

/// Two deliveries of one record at the same time: the one that finds the other at work must not be the one that SQS takes for
/// done, for the other may die between recording the mail and meeting the promise.
#[tokio::test]
async fn a_delivery_that_finds_another_at_work_stays_on_its_queue_until_the_promise_is_met() {
    let desk = Desk::new().await;
    let (ticket, notice) = desk.open_acknowledged_by_mail().await;
    let (now, lease) = (instant(MONDAY), instant(MONDAY) + 90.seconds());
    let store = desk.store();
    store.claim(ticket, &notice, now, lease).await.unwrap();
    let meanwhile = desk.deliver(ticket, &notice, MONDAY).await;
    assert!(matches!(meanwhile, Verdict::Retry { .. }), "{meanwhile:?}");
    store.sent(ticket, &notice, "ses-1", now).await.unwrap();
    assert_eq!(desk.stored(ticket).await.ticket.acknowledged_at, None);
    let visible_again = "2026-11-23T00:06:00Z";
    assert_eq!(
        desk.deliver(ticket, &notice, visible_again).await,
        Verdict::Done
    );
    assert_eq!(desk.stored(ticket).await.ticket.acknowledged_at, Some(now));
}

#[tokio::test]
async fn a_sender_killed_before_recording_is_followed_when_its_lease_is_over() {
    let desk = Desk::new().await;
    let (ticket, notice) = desk.open_acknowledged_by_mail().await;
    let (now, lease) = (instant(MONDAY), instant(MONDAY) + 90.seconds());
    desk.store()
        .claim(ticket, &notice, now, lease)
        .await
        .unwrap();
    let early = desk.deliver(ticket, &notice, "2026-11-23T00:01:29Z").await;
    assert!(matches!(early, Verdict::Retry { .. }), "{early:?}");
    assert!(desk.ses.mails().is_empty());
    assert_eq!(
        desk.deliver(ticket, &notice, "2026-11-23T00:01:30Z").await,
        Verdict::Done
    );
    assert_eq!(desk.ses.mails().len(), 1);
}

#[tokio::test]
async fn while_others_take_the_rate_an_urgent_notice_asks_longer_than_a_bulk_one() {
    let desk = Desk::new().await;
    let (ticket, acknowledgement) = desk.open_acknowledged_by_mail().await;
    let rate = || {
        Order::refuse(
            429,
            "TooManyRequestsException",
            "Maximum sending rate exceeded.",
        )
    };
    let notices = desk.store().notices(ticket).await.unwrap();
    let urgent = notices
        .iter()
        .find(|entry| entry.notice.lane == Lane::Urgent)
        .unwrap();
    let urgent = urgent.notice.id.clone();
    desk.ses.order([rate(), rate(), rate()]);
    assert_eq!(desk.deliver(ticket, &urgent, MONDAY).await, Verdict::Done);
    assert!(matches!(
        desk.state(ticket, &urgent).await,
        State::Sent { .. }
    ));
    assert_eq!(
        desk.ses.asked(),
        4,
        "it is sent in the invocation that was refused"
    );
    desk.ses.order([rate(), rate(), rate(), rate()]);
    assert_eq!(
        desk.deliver(ticket, &acknowledgement, MONDAY).await,
        Verdict::Done
    );
    assert!(matches!(
        desk.state(ticket, &acknowledgement).await,
        State::Pending { .. }
    ));
    assert_eq!(desk.ses.asked(), 8, "it waits for its next try");
}

#[tokio::test]
async fn a_notice_whose_connection_to_ses_is_refused_is_put_off_and_never_given_up_as_perhaps_sent()
{
    let desk = Desk::without_ses().await;
    let (ticket, notice) = desk.open_acknowledged_by_mail().await;
    let mut now = instant(MONDAY);
    for _ in 0..20 {
        let asked = desk.deliver(ticket, &notice, &now.to_string()).await;
        assert_eq!(asked, Verdict::Done);
        let State::Pending {
            not_before: Some(until),
        } = desk.state(ticket, &notice).await
        else {
            panic!("not put off");
        };
        assert!(until.duration_since(now) <= SignedDuration::from_mins(20));
        now = until;
    }
}

#[tokio::test]
async fn a_notice_is_put_off_where_ses_has_no_name_or_nobody_answers_there() {
    // Neither the name nor the network exists (RFC 2606, RFC 5737).
    for url in ["http://ses.invalid", "http://192.0.2.1:9"] {
        let desk = Desk::with_ses_at(url).await;
        let (ticket, notice) = desk.open_acknowledged_by_mail().await;
        let asked = desk.deliver(ticket, &notice, MONDAY).await;
        assert_eq!(asked, Verdict::Done, "{url}");
        let state = desk.state(ticket, &notice).await;
        let put_off = matches!(
            state,
            State::Pending {
                not_before: Some(_)
            }
        );
        assert!(put_off, "{url}: {state:?}");
    }
}

#[tokio::test]
async fn a_rate_or_quota_error_puts_the_notice_off_and_asks_nothing_more_of_sqs() {
    for (message, times, least, most) in [
        ("Maximum sending rate exceeded.", 4, 1, 2),
        ("Daily message quota exceeded.", 1, 60, 120),
    ] {
        let desk = Desk::new().await;
        let (ticket, notice) = desk.open_acknowledged_by_mail().await;
        let refusal = || Order::refuse(429, "TooManyRequestsException", message);
        desk.ses.order((0..times).map(|_| refusal()));
        assert_eq!(desk.deliver(ticket, &notice, MONDAY).await, Verdict::Done);
        let State::Pending {
            not_before: Some(until),
        } = desk.state(ticket, &notice).await
        else {
            panic!("not put off");
        };
        let wait = until.duration_since(instant(MONDAY));
        assert!(
            wait >= SignedDuration::from_mins(least) && wait < SignedDuration::from_mins(most),
            "{wait}"
        );
        assert_eq!(desk.deliver(ticket, &notice, MONDAY).await, Verdict::Done);
        assert_eq!(desk.ses.asked(), times, "not before its time");
        assert_eq!(
            desk.deliver(ticket, &notice, &until.to_string()).await,
            Verdict::Done
        );
        assert!(matches!(
            desk.state(ticket, &notice).await,
            State::Sent { .. }
        ));
    }
}

#[tokio::test]
async fn a_mail_that_ses_rejects_shows_on_the_ticket_and_agents_are_told_once() {
    let desk = Desk::new().await;
    let (ticket, notice) = desk.open_acknowledged_by_mail().await;
    let said = "Email address is not verified: customer@example.com";
    desk.ses
        .order([Order::refuse(400, "MessageRejected", said)]);
    assert_eq!(desk.deliver(ticket, &notice, MONDAY).await, Verdict::Done);
    assert_eq!(desk.deliver(ticket, &notice, MONDAY).await, Verdict::Done);
    let reason = "MessageRejected: Email address is not verified: …".to_owned();
    assert_eq!(
        desk.state(ticket, &notice).await,
        State::Failed {
            reason: reason.clone()
        }
    );
    let stored = desk.stored(ticket).await;
    let customer = &stored.ticket.requester;
    assert_eq!(stored.ticket.not_reached, std::slice::from_ref(customer));
    assert_eq!(stored.ticket.acknowledged_at, None);
    let told = desk
        .notices(ticket, |text| {
            *text
                == Text::NotReached {
                    reason: reason.clone(),
                }
        })
        .await;
    assert_eq!(told.len(), 2, "both agents of the department");
    assert_eq!(
        desk.deliver(ticket, &told[0].notice.id, MONDAY).await,
        Verdict::Done
    );
    assert!(desk.ses.mails()[0].raw.contains("[EH-"));
}

#[tokio::test]
async fn a_kill_between_the_ticket_and_the_failed_notice_tells_nobody_twice() {
    let desk = Desk::new().await;
    let (ticket, notice) = desk.open_acknowledged_by_mail().await;
    desk.ses.order([
        Order::refuse(400, "MessageRejected", "no"),
        Order::refuse(400, "MessageRejected", "no"),
    ]);
    desk.deliver(ticket, &notice, MONDAY).await;
    // As if the process had died before the notice was settled, and its lease had run out.
    desk.store()
        .later(ticket, &notice, instant(MONDAY))
        .await
        .unwrap();
    assert_eq!(desk.deliver(ticket, &notice, MONDAY).await, Verdict::Done);
    assert!(matches!(
        desk.state(ticket, &notice).await,
        State::Failed { .. }
    ));
    let log = desk.store().history(ticket).await.unwrap();
    let failures = log
        .iter()
        .filter(|event| matches!(event.event, Event::NotReached { .. }));
    assert_eq!(failures.count(), 1);
}

#[tokio::test]
async fn a_staff_member_who_cannot_be_reached_shows_on_the_ticket_and_starts_no_chain_of_mails() {
    let desk = Desk::new().await;
    let (ticket, _) = desk.open_acknowledged_by_mail().await;
    let opened = desk
        .notices(ticket, |text| matches!(text, Text::Opened { .. }))
        .await;
    let before = desk.store().notices(ticket).await.unwrap().len();
    desk.ses
        .order([Order::refuse(400, "MessageRejected", "no")]);
    assert_eq!(
        desk.deliver(ticket, &opened[0].notice.id, MONDAY).await,
        Verdict::Done
    );
    let log = desk.store().history(ticket).await.unwrap();
    assert!(
        log.iter()
            .any(|event| matches!(event.event, Event::NotReached { who: None, .. }))
    );
    assert_eq!(desk.store().notices(ticket).await.unwrap().len(), before);
}

#[tokio::test]
async fn without_an_answer_the_notice_waits_for_its_lease_and_is_given_up_after_ten_tries() {
    let desk = Desk::new().await;
    let (ticket, notice) = desk.open_acknowledged_by_mail().await;
    desk.ses
        .order((0..10).map(|_| Order::refuse(500, "InternalFailure", "")));
    let mut now = instant(MONDAY);
    for asked in 1..=9 {
        assert_eq!(
            desk.deliver(ticket, &notice, &now.to_string()).await,
            Verdict::Done
        );
        assert_eq!(
            desk.ses.asked(),
            asked,
            "the SDK does not try again by itself"
        );
        let State::Claimed { until } = desk.state(ticket, &notice).await else {
            panic!("not claimed");
        };
        let message = "an invocation's minute, and three for the event of SES";
        assert_eq!(until, now + 4.minutes(), "{message}");
        now = until;
    }
    desk.deliver(ticket, &notice, &now.to_string()).await;
    assert!(matches!(
        desk.state(ticket, &notice).await,
        State::Failed { .. }
    ));
}

#[tokio::test]
async fn a_warning_of_a_clock_that_has_stopped_is_dropped() {
    let desk = Desk::new().await;
    let (ticket, _) = desk.open_acknowledged_by_mail().await;
    let tuesday = "2026-11-23T18:30:00Z";
    desk.execute(ticket, &Command::FireTimers, tuesday).await;
    let warnings = desk
        .notices(ticket, |text| matches!(text, Text::Warning(_)))
        .await;
    assert!(!warnings.is_empty());
    let agent = "tech-1".parse().unwrap();
    let answer = Command::AgentReply {
        agent,
        words: Words::text("It works again."),
        orders: Vec::new(),
    };
    desk.execute(ticket, &answer, tuesday).await;
    for warning in &warnings {
        assert_eq!(
            desk.deliver(ticket, &warning.notice.id, tuesday).await,
            Verdict::Done
        );
        let text = &warning.notice.text;
        let resolution =
            matches!(text, Text::Warning(deadline) if deadline.promise.as_str() == "resolution");
        assert_eq!(
            desk.state(ticket, &warning.notice.id).await == State::Superseded,
            !resolution
        );
    }
}

#[tokio::test]
async fn an_agents_answer_reaches_the_customer_in_the_agents_name() {
    let desk = Desk::new().await;
    let (ticket, _) = desk.open_acknowledged_by_mail().await;
    let agent: policy::PersonId = "tech-1".parse().unwrap();
    let words = Words::text("It works again.");
    let answer = Command::AgentReply {
        agent: agent.clone(),
        words,
        orders: Vec::new(),
    };
    desk.execute(ticket, &answer, MONDAY).await;
    let log = desk.store().history(ticket).await.unwrap();
    assert!(
        log.iter()
            .any(|event| event.actor == Actor::Agent(agent.clone()))
    );
    let replies = desk
        .notices(ticket, |text| matches!(text, Text::Reply { .. }))
        .await;
    assert_eq!((replies.len(), replies[0].notice.lane), (1, Lane::Urgent));
    assert!(matches!(replies[0].notice.to, Addressee::Customer(_)));
    assert_eq!(
        desk.deliver(ticket, &replies[0].notice.id, MONDAY).await,
        Verdict::Done
    );
    let raw = &desk.ses.mails()[0].raw;
    assert!(
        raw.contains("\"Technical agent 1, Example Hosting Pty Ltd\" <desk@mail.example.com>"),
        "{raw}"
    );
    assert!(raw.contains("It works again.") && !raw.contains("Auto-Submitted"));
}

#[tokio::test]
async fn only_what_names_no_notice_is_rejected() {
    let desk = Desk::new().await;
    let (ticket, _) = desk.open_acknowledged_by_mail().await;
    for body in [
        "",
        "{}",
        "null",
        r#"{"ticket":"7K3Q9M2X"}"#,
        r#"{"ticket":"!","notice":"0123456789abcdef"}"#,
    ] {
        assert!(
            matches!(
                desk.deliver_body(body, MONDAY).await,
                Verdict::Reject { .. }
            ),
            "{body}"
        );
    }
    let unknown = ticket::NoticeId::of(ticket, &["nothing"]);
    assert_eq!(desk.deliver(ticket, &unknown, MONDAY).await, Verdict::Done);
    assert_eq!(desk.ses.asked(), 0);
}
