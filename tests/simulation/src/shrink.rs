//! A failing seed, cut down as long as it still fails: fewer inputs, fewer troubles, fewer faults.

use std::collections::BTreeSet;

use crate::run::{Cut, Report, run};
use crate::story::Trouble;

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
    // What has the most to do with how long a run takes comes first. Without an input, a fault may not be needed any more,
    // and the reverse.
    for _ in 0..2 {
        let inputs = cut.inputs.clone().unwrap_or_else(|| whole.inputs.clone());
        cut.inputs = Some(smaller(inputs, |kept| {
            fails(seed, &cut, |it| it.inputs = Some(kept))
        }));
        let left = Trouble::ALL
            .into_iter()
            .filter(|it| !cut.calm.contains(it))
            .collect();
        let needed = smaller(left, |kept| {
            fails(seed, &cut, |it| it.calm = without(&kept))
        });
        cut.calm = without(&needed);
        let faults = smaller(run(seed, &cut).faults, |kept| {
            fails(seed, &cut, |it| it.faults = Some(kept))
        });
        cut.faults = Some(faults);
    }
    run(seed, &cut)
}

fn without(needed: &BTreeSet<Trouble>) -> BTreeSet<Trouble> {
    let calm = Trouble::ALL.into_iter().filter(|it| !needed.contains(it));
    calm.collect()
}

fn fails(seed: u64, cut: &Cut, change: impl FnOnce(&mut Cut)) -> bool {
    let mut cut = cut.clone();
    change(&mut cut);
    !run(seed, &cut).violations.is_empty()
}

/// Leaves out all, halves, quarters and so on, down to single ones.
fn smaller<T: Ord + Clone>(all: BTreeSet<T>, still: impl Fn(BTreeSet<T>) -> bool) -> BTreeSet<T> {
    let mut kept: Vec<T> = all.into_iter().collect();
    let mut part = kept.len();
    while part > 0 {
        let mut from = 0;
        while from < kept.len() {
            let until = (from + part).min(kept.len());
            let without: Vec<T> = kept[..from].iter().chain(&kept[until..]).cloned().collect();
            if still(without.iter().cloned().collect()) {
                kept = without;
            } else {
                from = until;
            }
        }
        part /= 2;
    }
    kept.into_iter().collect()
}
