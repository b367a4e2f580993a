//! The programs under test, built once by this test binary with the profile it was built with itself.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .expect("tests/ lies in the repository")
        .to_owned()
}

/// Where the built programs stand.
///
/// # Panics
/// They do not build; cargo's words say why.
pub fn folder() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build)
}

/// A program that cargo made from its package.
pub fn program(name: &str) -> PathBuf {
    folder().join(name)
}

fn build() -> PathBuf {
    let own = std::env::current_exe().expect("a test knows its own file");
    // target/<profile>/deps/<test>
    let profile = own
        .ancestors()
        .nth(2)
        .expect("a test lies in deps")
        .to_owned();
    let target = profile.parent().expect("a profile lies in target");
    // Cargo tells its tests which cargo it is. The whole workspace with its tests, because dependencies are then built
    // with the same features as for this test, and so only once.
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root())
        .args(["build", "--quiet", "--workspace", "--all-targets"]);
    cargo.arg("--target-dir").arg(target);
    // The outer cargo tells a test about its package; build scripts that look at that would run anew each time, and
    // everything above them be built again.
    for (name, _) in std::env::vars_os() {
        let told = |prefix: &str| name.as_encoded_bytes().starts_with(prefix.as_bytes());
        if told("CARGO_PKG_") || told("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let output = cargo.output().expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the programs do not build:\n{said}"
    );
    profile
}
