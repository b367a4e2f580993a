//! Pauses between attempts.

use std::time::Duration;

use aws_sdk_dynamodb::config::AsyncSleep as _;

use crate::Store;

impl Store {
    /// Waits longer each time, as the client's own pauses do. Nothing here is random, so what is written spreads the
    /// writers of one ticket: they would else come back together.
    pub(crate) async fn pause(&self, attempt: u32, written: &str) {
        let spread = written.bytes().fold(u64::from(attempt), |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        let base = 5u64 << attempt.min(6);
        self.wait(Duration::from_millis(base + spread % base)).await;
    }

    /// Waits by the clock of the client, so that whoever replaces the client's world replaces this too; by the
    /// executor's where the client was built without one.
    pub async fn wait(&self, time: Duration) {
        match self.client.config().sleep_impl() {
            Some(sleep) => sleep.sleep(time).await,
            None => tokio::time::sleep(time).await,
        }
    }
}
