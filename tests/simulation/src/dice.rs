//! Chance: every throw is a function of the seed and of what it is thrown for, so that leaving one thing out of a run
//! changes no other.

use std::fmt::Debug;

/// The source of all chance of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A generator for one purpose; the same purpose gives the same throws.
    pub(crate) fn of(self, purpose: impl Debug) -> fastrand::Rng {
        fastrand::Rng::with_seed(digest(self.0, format!("{purpose:?}").as_bytes()))
    }
}

/// FNV-1a, finished as `SplitMix64` does: short, and the same on every machine.
pub(crate) fn digest(seed: u64, bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
