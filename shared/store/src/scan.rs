//! The whole table, page by page: for operators' commands, never for a function.

use crate::error::StoreError;
use crate::item::Item;
use crate::{Store, keys};

/// Told after each page how many items have been looked at.
pub type Progress<'p> = &'p mut (dyn FnMut(usize) + Send);

/// What a scan asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asked {
    /// The attributes wanted, `ticket`, `raw`, `ttl` and `at` with a `#` before them; all of them if none is named.
    pub(crate) projection: Option<&'static str>,
    /// Which items.
    pub(crate) filter: Option<&'static str>,
}

impl Store {
    /// Every item of the table that passes the filter, page by page.
    ///
    /// A scan is no snapshot: what changes meanwhile is seen before or after. So what it finds is a hint, and whoever
    /// acts on it reads the item again.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub(crate) async fn scan(
        &self,
        asked: Asked,
        progress: Progress<'_>,
        mut each: impl FnMut(Item) + Send,
    ) -> Result<(), StoreError> {
        let (mut from, mut seen) = (None, 0);
        loop {
            let mut scan = self
                .client
                .scan()
                .table_name(&*self.table)
                .consistent_read(true)
                .set_exclusive_start_key(from);
            if let Some(filter) = asked.filter {
                scan = scan.filter_expression(filter);
            }
            if let Some(projection) = asked.projection {
                scan = scan
                    .projection_expression(projection)
                    .expression_attribute_names("#ticket", "ticket")
                    .expression_attribute_names("#raw", "raw")
                    .expression_attribute_names("#ttl", "ttl")
                    .expression_attribute_names("#at", "at");
            }
            let page = scan
                .send()
                .await
                .map_err(|error| StoreError::of_sdk("scanning the table", error))?;
            seen += usize::try_from(page.scanned_count).unwrap_or_default();
            progress(seen);
            for item in page.items.unwrap_or_default() {
                each(item);
            }
            from = page.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(());
            }
        }
    }
}

/// A text attribute.
pub(crate) fn text_of<'i>(item: &'i Item, name: &str) -> Option<&'i str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// The ticket whose partition an item stands in.
pub(crate) fn ticket_of(item: &Item) -> Option<ticket::TicketId> {
    text_of(item, "PK")?
        .strip_prefix(keys::TICKET)?
        .parse()
        .ok()
}
