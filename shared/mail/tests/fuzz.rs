//! What the fuzzer has kept, played again: each input is of a behaviour of its own, and nothing of it may ever go wrong.

#[path = "../examples/fuzz/corpus.rs"]
#[expect(dead_code, reason = "only the fuzzer keeps and writes")]
mod corpus;
#[path = "../examples/fuzz/pieces.rs"]
#[expect(dead_code, reason = "only the fuzzer makes inputs")]
mod pieces;
#[path = "../examples/fuzz/random.rs"]
#[expect(dead_code, reason = "only the fuzzer makes inputs")]
mod random;
#[path = "../examples/fuzz/targets.rs"]
#[expect(dead_code, reason = "only the fuzzer makes inputs")]
mod targets;

use std::path::Path;

#[test]
fn every_input_that_was_kept_is_read_without_a_finding() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    for target in targets::ALL {
        let inputs = corpus::read(&folder.join(target.name)).unwrap();
        assert!(inputs.len() > 20, "{}: {}", target.name, inputs.len());
        for input in inputs {
            let outcome = (target.check)(&input);
            assert!(
                outcome.is_ok(),
                "{}: {outcome:?}: {}",
                target.name,
                input.escape_ascii()
            );
        }
    }
}
