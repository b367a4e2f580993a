//! A service is away: the form says so and when to come back, nothing that was taken is lost, nobody is told twice, and
//! when it is back the desk goes on by itself.

use tests::chaos::outage::{Away, Long, away};

fn recovers(service: Away) {
    for long in [Long::FiveMinutes, Long::FourteenHours] {
        let outcome = away(service, long);
        assert!(
            outcome.wrong.is_empty(),
            "{long:?}: {:#?}\n{}",
            outcome.wrong,
            outcome.logs
        );
    }
}

#[test]
fn without_the_table_nothing_is_taken_and_when_it_is_back_all_goes_on() {
    recovers(Away::Dynamodb);
}

#[test]
fn mail_that_came_while_the_bucket_was_away_is_filed_when_it_is_back() {
    recovers(Away::S3);
}

#[test]
fn notices_that_no_queue_took_are_sent_once() {
    recovers(Away::Sqs);
}

#[test]
fn notices_that_ses_did_not_take_are_sent_once_and_late_levels_are_told_together() {
    recovers(Away::Ses);
}

#[test]
fn a_secret_that_cannot_be_read_keeps_nothing_from_being_done_later() {
    recovers(Away::Secrets);
}
