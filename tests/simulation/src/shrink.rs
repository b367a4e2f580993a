//! A failing seed, cut down: fewer inputs, then fewer faults, as long as it still fails.

use std::collections::BTreeSet;

use crate::run::{Cut, Report, run};

/// The smallest story of a failing seed that is found by leaving out ever smaller parts of it.
pub fn shrink(seed: u64) -> Report {
    let whole = run(seed, &Cut::default());
    if whole.violations.is_empty() {
        return whole;
    }
    let mut cut = Cut {
        tell: true,
        ..Cut::default()
    };
    let inputs = smaller(whole.inputs, |kept| {
        let inputs = Some(kept.clone());
        fails(
            seed,
            &Cut {
                inputs,
                ..cut.clone()
            },
        )
    });
    cut.inputs = Some(inputs);
    let faults = smaller(run(seed, &cut).faults, |kept| {
        let faults = Some(kept.clone());
        fails(
            seed,
            &Cut {
                faults,
                ..cut.clone()
            },
        )
    });
    cut.faults = Some(faults);
    run(seed, &cut)
}

fn fails(seed: u64, cut: &Cut) -> bool {
    !run(seed, cut).violations.is_empty()
}

/// Leaves out halves, quarters and so on, down to single ones.
fn smaller<T: Ord + Clone>(all: BTreeSet<T>, still: impl Fn(&BTreeSet<T>) -> bool) -> BTreeSet<T> {
    let mut kept: Vec<T> = all.into_iter().collect();
    let mut part = kept.len().div_ceil(2);
    while part > 0 {
        let mut from = 0;
        while from < kept.len() {
            let until = (from + part).min(kept.len());
            let without: BTreeSet<T> = kept[..from].iter().chain(&kept[until..]).cloned().collect();
            if still(&without) {
                kept = without.into_iter().collect();
            } else {
                from = until;
            }
        }
        part /= 2;
    }
    kept.into_iter().collect()
}
