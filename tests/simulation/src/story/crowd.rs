//! Others write from the place that the story's people write from, and leave little of what one place, or everybody together,
//! may ask for.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use ticket::{AddressHash, Pepper};

use super::{Input, What};
use crate::actors::pages::PLACE;
use crate::aws::PEPPER;
use crate::dice::Dice;

/// In one story of so many there are others.
const RARE: u32 = 6;

/// What is counted of a place, as the design has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cap {
    /// Requests by form or API from one place.
    Requests,
    /// Acknowledgements to typed addresses that one place has set off.
    Source,
    /// Those that all places have.
    Everybody,
}

impl Cap {
    /// How many there may be in a window of how many seconds.
    const fn most(self) -> (u32, i64) {
        match self {
            Self::Requests => (300, 600),
            Self::Source => (250, 86_400),
            Self::Everybody => (1_000, 3_600),
        }
    }

    fn key(self) -> String {
        let place = AddressHash::of(&Pepper::new(PEPPER), PLACE);
        match self {
            Self::Requests => format!("requests#{place}"),
            Self::Source => format!("source#{place}"),
            Self::Everybody => "typed".to_owned(),
        }
    }
}

/// What others leave of a cap, in the window that begins at a second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crowd {
    pub(crate) cap: Cap,
    pub(crate) left: u32,
    begins: i64,
}

impl Crowd {
    /// About the first request that comes by the form; `start` is in microseconds.
    pub(super) fn of(dice: Dice, start: u64, inputs: &[Input]) -> Option<Self> {
        let mut rng = dice.of("crowd");
        let forms = inputs.iter();
        let mut forms = forms.filter(|it| matches!(it.what, What::Form { .. } | What::FormAgain));
        let form = forms.next().filter(|_| rng.u32(0..RARE) == 0)?;
        let at = Duration::from_micros(start) + form.at;
        let cap = [Cap::Requests, Cap::Source, Cap::Everybody][rng.usize(0..3)];
        let at = i64::try_from(at.as_secs()).ok()?;
        Some(Self {
            cap,
            left: rng.u32(0..2),
            begins: at - at.rem_euclid(cap.most().1),
        })
    }

    /// What the others have left in the table.
    pub(crate) fn row(&self) -> Value {
        let Self { cap, left, begins } = self;
        let (most, long) = cap.most();
        json!({
            "PK": { "S": format!("R#{}#{begins}", cap.key()) }, "SK": { "S": "r" }, "v": { "N": "1" },
            "n": { "N": (most - left).to_string() }, "ttl": { "N": (begins + 2 * long).to_string() },
        })
    }

    /// Whether an instant lies in the window.
    pub(crate) fn is_at(&self, at: Timestamp) -> bool {
        (self.begins..self.over()).contains(&at.as_second())
    }

    /// The second at which it is over.
    pub(crate) fn over(&self) -> i64 {
        self.begins + self.cap.most().1
    }
}
