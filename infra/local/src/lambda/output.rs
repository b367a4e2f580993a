//! What a process writes and how much memory it took.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader};

use super::function::Function;

/// Keeps what a process writes: in memory for the pages, in a file for later.
pub(super) async fn copy(pipe: impl AsyncRead + Unpin, function: Arc<Function>) {
    let path = function
        .host
        .log_dir
        .join(format!("{}.log", function.spec.id));
    let mut options = tokio::fs::OpenOptions::new();
    let mut file = options.create(true).append(true).open(path).await.ok();
    let mut lines = BufReader::new(pipe).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line).into_owned();
        if let Some(file) = &mut file {
            // A full disk must not stop the function.
            let _ = file.write_all(format!("{line}\n").as_bytes()).await;
        }
        function.log(line);
    }
}

/// The highest resident set of a process so far, where the system tells.
pub(super) fn peak_memory_kib(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
