//! A service is away: the form says so and when to come back, nothing that was taken is lost, nobody is told twice, and
//! when it is back the desk goes on by itself.

use tests::chaos::outage::{Away, Long, away};

fn recovers(service: Away, long: Long) {
    let outcome = away(service, long);
    assert!(
        outcome.wrong.is_empty(),
        "{:#?}\n{}",
        outcome.wrong,
        outcome.logs
    );
}

#[test]
fn without_the_table_nothing_is_taken_and_after_fourteen_hours_all_goes_on() {
    recovers(Away::Dynamodb, Long::FourteenHours);
}

#[test]
fn mail_that_came_while_the_bucket_was_away_is_filed_when_it_is_back() {
    recovers(Away::S3, Long::FiveMinutes);
}

#[test]
fn notices_that_no_queue_took_for_fourteen_hours_are_sent_once() {
    recovers(Away::Sqs, Long::FourteenHours);
}

#[test]
fn notices_that_ses_did_not_take_for_fourteen_hours_are_sent_once_and_late_levels_are_told_together()
 {
    recovers(Away::Ses, Long::FourteenHours);
}
