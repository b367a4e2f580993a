//! How mails look: the company's colour, and what stands below its address.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::Lang;

/// What the company's mails look like; without one, they are plain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// Behind the company's name and on buttons.
    pub colour: Colour,
    /// The writing on it. [`crate::Policy::check`] sees to it that it can be read.
    pub text: Colour,
    /// What stands below the company's address in each mail, such as its registration.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub footer: BTreeMap<Lang, String>,
}

/// A colour of the sRGB space, written `#0b5cad`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

/// A text that is no colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a colour; write six hexadecimal digits, such as `#0b5cad`")]
pub struct InvalidColour(String);

impl Colour {
    /// White.
    pub const WHITE: Self = Self([255; 3]);

    /// The contrast of writing in one colour on the other, from 1 to 21, in hundredths: WCAG 2.2, "contrast ratio".
    ///
    /// Ordinary text needs 450 (success criterion 1.4.3).
    pub fn contrast(self, other: Self) -> u32 {
        let (a, b) = (self.luminance(), other.luminance());
        let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 100 to 2100"
        )]
        let hundredths = (ratio * 100.0).floor() as u32;
        hundredths
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl FromStr for Colour {
    type Err = InvalidColour;
    fn from_str(text: &str) -> Result<Self, InvalidColour> {
        let invalid = || InvalidColour(text.to_owned());
        let digits = text.strip_prefix('#').ok_or_else(invalid)?;
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(invalid());
        }
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| invalid());
        Ok(Self([part(0)?, part(2)?, part(4)?]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl TryFrom<String> for Colour {
    type Error = InvalidColour;
    fn try_from(text: String) -> Result<Self, InvalidColour> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(one: &str, other: &str) -> u32 {
        let [one, other] = [one, other].map(|text| text.parse::<Colour>().unwrap());
        assert_eq!(one.contrast(other), other.contrast(one));
        one.contrast(other)
    }

    #[test]
    fn contrasts_are_those_that_the_standard_names() {
        assert_eq!(contrast("#ffffff", "#000000"), 2_100);
        assert_eq!(contrast("#777777", "#777777"), 100);
        // The two greys on either side of the bound for ordinary text.
        assert!(contrast("#767676", "#ffffff") >= 450);
        assert!(contrast("#777777", "#ffffff") < 450);
    }

    #[test]
    fn a_colour_is_six_digits_and_reads_back() {
        assert_eq!("#0B5CAD".parse::<Colour>().unwrap().to_string(), "#0b5cad");
        for wrong in ["0b5cad", "#0b5", "blue", "#0b5ca", "#0b5cag", "#0b5cé"] {
            assert!(wrong.parse::<Colour>().is_err(), "{wrong}");
        }
    }
}
