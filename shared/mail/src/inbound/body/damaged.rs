//! Text parts that came damaged.

use std::borrow::Cow;

use super::{Over, Reader};
use crate::clean;

impl Reader<'_, '_> {
    /// Whether a text part is not what its sender sent: no boundary closes it, so that its end may be missing, or it
    /// is not in the encoding that it declares.
    pub(super) fn is_damaged(&self, index: usize) -> bool {
        let part = &self.parts[index];
        let encoded = part.encoding.as_deref() == Some("base64");
        part.cut_off || encoded && matches!(part.bytes(self.raw), Cow::Borrowed([_, ..]))
    }

    /// A damaged part is a file, as it came; its words are shown where the mail has no others. One of which nothing came
    /// is none.
    pub(super) fn set_aside(&mut self, index: usize) -> Result<(), Over> {
        if self.parts[index].body.is_empty() {
            return Ok(());
        }
        self.attach(index)?;
        self.damaged.push(index);
        if let Some(file) = self.body.attachments.last_mut() {
            file.damaged = true;
        }
        Ok(())
    }

    pub(super) fn fragment(&mut self) -> String {
        let mut out = String::new();
        for index in std::mem::take(&mut self.damaged) {
            let text = self.text_of(index);
            let text = clean::floor(&text, self.limits.text_bytes.saturating_sub(out.len()));
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(text.trim_matches('\n'));
        }
        out
    }
}
