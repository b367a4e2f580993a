//! What commands do when the reader of their answer leaves.

use std::process::{Command, Stdio};

use crate::stack::policy_dir;

/// Runs `troth` into a pipe that nobody reads any more; answers its status and what it complained about.
fn unread(arguments: &[&str]) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let child = Command::new(env!("CARGO_BIN_EXE_troth"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn a_command_whose_reader_has_gone_ends_as_if_the_pipe_had_ended_it() {
    let dir = policy_dir();
    let quietly = (Some(141), String::new());
    assert_eq!(unread(&["policy", "page", &dir]), quietly);
    let mail = format!("{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
    assert_eq!(unread(&["mail", "inspect", &mail]), quietly);
}

#[test]
fn a_full_disk_is_told() {
    let full = std::fs::File::options().write(true).open("/dev/full");
    let Ok(full) = full else {
        return; // Only Linux has such a disk.
    };
    let output = Command::new(env!("CARGO_BIN_EXE_troth"))
        .args(["policy", "page", &policy_dir()])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        complaint.starts_with("troth: the answer could not be written: No space left"),
        "{complaint}"
    );
}
