//! Open spans in UTC with running totals: one binary search forth, one back.

/// The open spans of a stretch of time, ascending and disjoint, in seconds since the epoch.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    /// The stretch that was looked at, half-open; outside it nothing is known.
    pub(super) from: i64,
    pub(super) until: i64,
    opens: Vec<i64>,
    closes: Vec<i64>,
    /// Open seconds from `from` to the end of each span.
    totals: Vec<i64>,
}

impl Spans {
    pub(super) fn new(from: i64, until: i64) -> Self {
        Self {
            from,
            until,
            opens: Vec::new(),
            closes: Vec::new(),
            totals: Vec::new(),
        }
    }

    /// Adds the next span; one that touches the last is merged with it.
    pub(super) fn push(&mut self, open: i64, close: i64) {
        let total = self.total() + close - open;
        if self.closes.last() == Some(&open) {
            self.closes.pop();
            self.totals.pop();
        } else {
            self.opens.push(open);
        }
        self.closes.push(close);
        self.totals.push(total);
    }

    /// The spans in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, i64)> {
        self.opens.iter().copied().zip(self.closes.iter().copied())
    }

    pub(super) fn covers(&self, instant: i64) -> bool {
        (self.from..self.until).contains(&instant)
    }

    pub(super) fn total(&self) -> i64 {
        self.totals.last().copied().unwrap_or(0)
    }

    /// Open seconds from the start of the stretch to this instant of it.
    pub(super) fn used_at(&self, instant: i64) -> i64 {
        let begun = self.opens.partition_point(|&open| open < instant);
        match begun.checked_sub(1) {
            None => 0,
            Some(last) => self.totals[last] - (self.closes[last] - instant).max(0),
        }
    }

    /// The first instant at which this many open seconds (at least one) are used; none if the stretch has fewer.
    pub(super) fn reached(&self, used: i64) -> Option<i64> {
        let span = self.totals.partition_point(|&total| total < used);
        Some(self.closes.get(span)? - (self.totals[span] - used))
    }

    /// The last opening or closing at or before this instant.
    pub(super) fn last_change(&self, until: i64) -> Option<i64> {
        let last = |edges: &[i64]| {
            edges
                .partition_point(|&edge| edge <= until)
                .checked_sub(1)
                .map(|index| edges[index])
        };
        last(&self.opens).max(last(&self.closes))
    }
}
