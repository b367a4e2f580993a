//! Bounds that hold before anything is parsed.

use std::fmt;

use super::InboundMail;

/// What one mail may cost us; every stage is linear within these bounds.
///
/// Mail software dies of counts and expansion rather than of bytes, so parts, depth and headers are
/// bounded as well. The values leave room for real mail: the longest header blocks seen are long
/// recipient lists, the deepest nesting is a forward of a forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole mail; what SES accepts.
    pub total_bytes: usize,
    /// Bytes of one header block.
    pub header_bytes: usize,
    /// Header fields of one header block.
    pub header_count: usize,
    /// MIME parts, containers included.
    pub parts: usize,
    /// Containers (multipart, message) around one part.
    pub depth: usize,
    /// Attachments.
    pub attachments: usize,
    /// Bytes of one line.
    pub line_bytes: usize,
    /// Bytes of body text that are read; the rest stays in the raw mail only and is not refused.
    pub text_bytes: usize,
}

impl Limits {
    /// The bounds in use.
    pub const DEFAULT: Self = Self {
        total_bytes: 40 * 1024 * 1024,
        header_bytes: 512 * 1024,
        header_count: 2_000,
        parts: 1_000,
        depth: 40,
        attachments: 250,
        line_bytes: 4 * 1024 * 1024,
        text_bytes: 2 * 1024 * 1024,
    };
}

/// Which bound a mail went over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// [`Limits::total_bytes`].
    TotalBytes,
    /// [`Limits::header_bytes`].
    HeaderBytes,
    /// [`Limits::header_count`].
    HeaderCount,
    /// [`Limits::parts`].
    Parts,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::attachments`].
    Attachments,
    /// [`Limits::line_bytes`].
    LineBytes,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TotalBytes => "bytes",
            Self::HeaderBytes => "bytes of headers",
            Self::HeaderCount => "header fields",
            Self::Parts => "parts",
            Self::Depth => "levels of nested parts",
            Self::Attachments => "attachments",
            Self::LineBytes => "bytes in one line",
        })
    }
}

/// A bound that a stage found exceeded; counting stops there, so `found` is at least that many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Over {
    pub(crate) bound: Bound,
    pub(crate) limit: usize,
    pub(crate) found: usize,
}

impl Over {
    pub(crate) fn check(bound: Bound, limit: usize, found: usize) -> Result<(), Self> {
        if found > limit {
            Err(Self {
                bound,
                limit,
                found,
            })
        } else {
            Ok(())
        }
    }
}

/// A mail over a bound: it is not parsed further, but never lost.
///
/// The caller keeps the raw mail, files what `top` still tells (sender, subject, kind by headers; the
/// text is empty) and tells a human sender once what to do instead.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the mail has {found} {bound}; {limit} are possible")]
pub struct Refused {
    /// The bound.
    pub bound: Bound,
    /// Its value.
    pub limit: usize,
    /// How many there are, at least.
    pub found: usize,
    /// What the top headers tell.
    pub top: Box<InboundMail>,
}

impl Refused {
    /// The same, with what a search of its texts found.
    #[must_use]
    pub(crate) fn with_secrets(mut self, unseen: Vec<ticket::Masked>) -> Self {
        self.top.unseen = unseen;
        self
    }
}
