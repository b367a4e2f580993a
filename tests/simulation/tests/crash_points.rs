//! The list of crash points is what the desk does.

#[test]
fn every_call_of_a_recorded_run_is_a_crash_point_and_every_crash_point_is_called() {
    let differences = simulation::crash_points::differences();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
