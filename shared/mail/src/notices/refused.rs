//! What the sender of a mail over a bound is told, in their language.

use policy::Lang;

use super::texts;
use crate::inbound::Refused;

impl Refused {
    /// [`Refused::sentence_in`] English, for whom no language is known.
    pub fn sentence(&self) -> String {
        (texts::ENGLISH.refused)(self.bound, self.limit)
    }

    /// One sentence for the sender: what was too much, and what to do instead.
    pub fn sentence_in(&self, lang: &Lang) -> String {
        (texts::of(lang).refused)(self.bound, self.limit)
    }
}
