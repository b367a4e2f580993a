//! Chance: every throw is a function of the seed and of what it is thrown for, so that leaving one thing out of a run
//! changes no other.

use std::fmt::{self, Debug, Write as _};

/// The source of all chance of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A generator for one purpose; the same purpose gives the same throws.
    pub(crate) fn of(self, purpose: impl Debug) -> fastrand::Rng {
        fastrand::Rng::with_seed(digest_of(self.0, &purpose))
    }
}

/// FNV-1a, finished as `SplitMix64` does: short, and the same on every machine.
pub(crate) fn digest(seed: u64, bytes: &[u8]) -> u64 {
    let mut digest = Digest::of(seed);
    digest.add(bytes);
    digest.finish()
}

/// The digest of what a value says of itself for debugging; every call of a run comes here, so nothing is kept of it.
pub(crate) fn digest_of(seed: u64, what: &impl Debug) -> u64 {
    let mut digest = Digest::of(seed);
    // Writing into a digest cannot fail.
    let _ = write!(digest, "{what:?}");
    digest.finish()
}

struct Digest(u64);

impl Digest {
    fn of(seed: u64) -> Self {
        Self(0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(self) -> u64 {
        let mut hash = self.0;
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^ (hash >> 31)
    }
}

impl fmt::Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.add(text.as_bytes());
        Ok(())
    }
}
