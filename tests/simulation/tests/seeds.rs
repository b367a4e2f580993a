//! A few seeds, and that a seed is a run.

use simulation::{Cut, run};

#[test]
fn a_seed_gives_the_same_history_whatever_ran_before_it() {
    // In the last, services are away for long: whatever clients learn from it must end with the run.
    for seed in [2, 5, 10_015] {
        let first = run(seed, &Cut::default());
        let second = run(seed, &Cut::default());
        assert_eq!(first.history, second.history, "seed {seed}");
        assert_eq!(first.state, second.state, "seed {seed}");
        let other = run(seed + 5, &Cut::default());
        assert_ne!(first.history, other.history, "seed {seed}");
        if seed == 10_015 {
            let faults = first.size.faults;
            assert!(faults > 1_000, "nothing is away for long: {faults} faults");
        }
    }
}

#[test]
fn every_promise_is_kept_in_a_few_seeds() {
    for seed in 0..10 {
        let report = run(seed, &Cut::default());
        let (wrong, size) = (&report.violations, report.size);
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
        assert!(
            size.tickets >= 8 && size.deliveries >= 100,
            "seed {seed}: {size:?}"
        );
    }
}
