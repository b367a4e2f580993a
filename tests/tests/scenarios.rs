//! Every scenario of `scenarios/`, each by its name, each at a desk of its own.

use std::collections::BTreeSet;

use tests::scenario::{folder, play, play_with};

macro_rules! scenarios {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                play(stringify!($name));
            }
        )*
    };
}

scenarios! {
    address_that_bounces_gets_no_more_mail_until_its_owner_writes
    agent_solves_with_a_slash_line
    agents_auto_responder_reaches_nobody
    agents_mail_that_nobody_proved_never_reaches_the_customer
    agents_orders_are_carried_out_or_refused_with_a_reason
    agents_reply_without_the_marker_becomes_a_note
    answer_names_the_customers_own_mail
    au_2_a_weekend_and_public_holidays_do_not_count
    au_8_an_escalation_by_mail_reaches_management_on_its_complaint
    automatic_mail_is_filed_without_an_answer
    busy_desk_says_so_on_every_page
    complaint_nobody_answers_reaches_management
    complaint_about_our_mail_stops_automatic_mail_and_not_an_agents_words
    complaint_that_was_merged_is_reviewed_where_it_goes_on
    customer_answers_on_the_page_of_the_ticket
    customer_reopens_a_solved_ticket_by_mail
    customers_answer_is_threaded_by_whatever_their_program_keeps
    de_3_complaint_is_confirmed_with_a_number_and_a_first_timeline
    de_4_the_customer_is_kept_up_to_date_and_the_expected_time_is_revised
    de_6_a_plain_reply_brings_a_second_look_by_people_without_a_part_in_the_first
    desk_without_a_policy_says_so
    expired_agent_address_loses_no_text
    filed_mail_becomes_a_ticket_when_somebody_says_so
    files_of_mails_are_opened_and_sent_back
    german_form_gives_a_german_acknowledgement
    ladder_link_of_a_merged_ticket_takes_over_what_goes_on
    ladder_repeats_until_somebody_says_that_they_have_it
    merged_tickets_go_on_as_one
    merging_two_customers_takes_a_second_word_and_shows_nothing_of_before
    mail_whose_event_was_lost_is_found_and_filed_once
    mail_to_two_of_our_addresses_is_one_ticket
    mail_through_a_trusted_forwarder_reaches_its_ticket_and_proves_nobody
    nobody_answers_a_form_until_an_agent_does_by_mail
    nobody_answers_a_mail_until_an_agent_does
    old_number_of_a_merged_ticket_keeps_its_files_people_and_reports
    numbers_of_held_requests_come_in_one_mail_before_they_are_due
    on_1_every_mail_becomes_a_ticket_and_feedback_is_kept_apart
    on_2_a_declared_busy_day_gives_forty_eight_hours_to_what_came_in_on_it
    on_2_a_public_holiday_counts_like_a_weekend
    on_2_friday_evening_saturday_and_the_first_working_day
    on_4_secrets_are_masked_before_they_are_stored_and_the_sender_is_told
    on_5_what_is_missing_is_asked_for_and_nothing_is_refused
    on_6_support_is_limited_by_a_named_decision_with_reason_end_and_objection
    participant_gets_what_is_written_from_then_on
    policy_changes_and_an_open_ticket_follows
    same_request_twice_is_one_ticket
    ses_rejects_a_mail_and_the_agents_are_told
    ses_throttles_and_nothing_is_lost
    stranger_on_a_customers_reply_address_learns_nothing
    ts_4_every_request_has_a_number_and_business_hours_apply
    ts_5_three_tiers_by_the_clock_and_by_hand_over_and_the_customer_knows
    used_mailed_link_proves_whose_address_it_is
    vi_1_shared_address_is_triaged_and_technical_tickets_have_four_hours
    vi_8_during_tet_sales_waits_and_says_until_when
    vi_9_out_of_scope_is_answered_with_the_clause
    wrong_requests_are_refused_with_a_reason
}

#[test]
fn every_file_is_played() {
    let files = std::fs::read_dir(folder()).unwrap();
    let files: BTreeSet<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let played: BTreeSet<String> = NAMES.iter().map(|name| format!("{name}.toml")).collect();
    assert_eq!(files, played);
}

#[test]
fn ticks_left_out_change_nothing() {
    for name in [
        "complaint_nobody_answers_reaches_management",
        "customer_reopens_a_solved_ticket_by_mail",
    ] {
        assert_eq!(play_with(name, true), play_with(name, false), "{name}");
    }
}
