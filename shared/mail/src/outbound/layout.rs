//! One page, written twice: as HTML and as plain text, from the same blocks, so that they cannot say
//! different things.

mod html;
#[cfg(test)]
mod tests;
mod text;

pub use html::fragment;
use policy::Colour;

use crate::clean;

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Our words.
    Paragraph(String),
    /// What the following is about, in a few words.
    Heading(String),
    /// Someone's words exactly as they wrote them: no line is wrapped, no space is lost.
    Words(String),
    /// Someone's words, set apart.
    Quote(String),
    /// Labels and values, one a line.
    Facts(Vec<(String, String)>),
    /// A link on its own line.
    Link {
        /// What it opens.
        label: String,
        /// Where it leads; shown as text unless it is `https:`, `http:` or `mailto:`.
        url: String,
    },
    /// The link that most readers want, as a button.
    Button {
        /// What it opens.
        label: String,
        /// As for a link.
        url: String,
    },
    /// The line above which an answer is to be written. Stands alone and unstyled, so that it survives
    /// quoting by every mail program, and above all else, so that nothing of ours is taken for the answer.
    Marker(String),
    /// Small print at the end, one entry a line: legal name, address, `Privacy: https://...`.
    Footer(Vec<String>),
}

/// The strip above a mail: the company by its name, in its colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The company.
    pub name: String,
    /// Its colour, and the writing on it.
    pub colours: (Colour, Colour),
}

/// A mail's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// BCP 47 language tag.
    pub lang: String,
    /// The title, as the subject says it.
    pub title: String,
    /// What lists of mails show beside the subject, where the page begins with something else.
    pub preheader: String,
    /// The company's strip; without one the mail is plain.
    pub band: Option<Band>,
    /// Its pieces.
    pub blocks: Vec<Block>,
}

impl Page {
    /// A plain page without content.
    pub fn new(lang: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            lang: lang.into(),
            title: title.into(),
            preheader: String::new(),
            band: None,
            blocks: Vec::new(),
        }
    }

    /// The page as HTML: one column, readable on a phone, without anything that is loaded from elsewhere, and in
    /// order without any style.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// The page as plain text, wrapped.
    pub fn text(&self) -> String {
        text::page(self)
    }
}

fn line(text: &str) -> String {
    clean::single_line(text, 500)
}

fn verbatim(text: &str) -> String {
    let text = clean::multi_line(text);
    text.trim_start_matches('\n').trim_end().to_owned()
}

fn safe_url(url: &str) -> bool {
    let scheme = ["https://", "http://", "mailto:"]
        .iter()
        .any(|s| url.starts_with(s));
    scheme && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Units that stay on the line of their number, in the languages of the mails.
const UNITS: [&str; 14] = [
    "Uhr", "h", "min", "s", "KB", "MB", "Std.", "Min.", "Sek.", "giờ", "phút", "giây", "%", "hours",
];

/// The text with a space that does not break between a number and its unit, or the day of a German date and its month.
fn glued(text: &str) -> String {
    let mut glued = String::with_capacity(text.len() + 8);
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        glued.push_str(word);
        let Some(next) = words.peek() else { break };
        let number = word.trim_start_matches('(').trim_end_matches('.');
        let is_number = !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit() || b == b':')
            && word.len() <= number.len() + 2;
        let unit = next.trim_end_matches([',', ';', ')']);
        let day = word.ends_with('.') && next.starts_with(char::is_uppercase) && number.len() <= 2;
        glued.push(
            if is_number
                && (day || (UNITS.contains(&unit) || UNITS.contains(&unit.trim_end_matches('.'))))
            {
                NO_BREAK
            } else {
                ' '
            },
        );
    }
    glued
}

/// A space at which no line is broken.
const NO_BREAK: char = '\u{A0}';
