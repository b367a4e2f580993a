//! Builds the functions and `troth`, and finds what cargo made.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::flags::Flags;
use crate::stop::{Doing, Stop};
use crate::template::Stack;

/// The package of the `troth` binary.
const CLI: &str = "cli";

/// Where the binaries stand, by the flags: beside this one unless told otherwise.
pub(crate) fn folder(flags: &Flags) -> Result<PathBuf, Stop> {
    if let Some(folder) = &flags.bin_dir {
        return folder
            .canonicalize()
            .doing(format!("find {}", folder.display()));
    }
    let own = std::env::current_exe().doing("find this binary")?;
    let profile = own.parent().unwrap_or(Path::new("."));
    Ok(if flags.release {
        profile.with_file_name("release")
    } else {
        profile.to_owned()
    })
}

/// Sees to it that every function of the stack has its binary, built if the flags do not say otherwise.
pub(crate) async fn ready(stack: &Stack, flags: &Flags, folder: &Path) -> Result<(), Stop> {
    let mut packages: Vec<String> = stack.functions.iter().map(|f| f.package.clone()).collect();
    packages.sort();
    packages.dedup();
    if !flags.no_build {
        build(&packages, flags, folder).await?;
    }
    check(&packages, folder)
}

/// Builds the packages with cargo, whose progress the person sees.
async fn build(packages: &[String], flags: &Flags, folder: &Path) -> Result<(), Stop> {
    let template = flags.template.canonicalize().doing("find the template")?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .arg("build")
        .current_dir(template.parent().unwrap_or(Path::new("/")));
    // `cargo run` tells this process about its package; build scripts that look at that would run anew each time, and
    // everything above them be built again.
    for (name, _) in std::env::vars_os() {
        let told = |prefix: &str| name.as_encoded_bytes().starts_with(prefix.as_bytes());
        if told("CARGO_PKG_") || told("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    if flags.bin_dir.is_none()
        && let Some(target) = folder.parent()
    {
        cargo.arg("--target-dir").arg(target);
    }
    if folder.file_name().is_some_and(|name| name == "release") {
        cargo.arg("--release");
    }
    for package in packages.iter().map(String::as_str).chain([CLI]) {
        cargo.arg("--package").arg(package);
    }
    let status = cargo.kill_on_drop(true).status().await;
    if status.doing("run cargo")?.success() {
        Ok(())
    } else {
        Err(Stop::new(
            "the functions do not build; cargo's messages above say why",
        ))
    }
}

/// Refuses to start when a function's binary is missing.
fn check(packages: &[String], folder: &Path) -> Result<(), Stop> {
    for package in packages {
        let binary = folder.join(package);
        if !binary.is_file() {
            return Err(Stop::new(format!(
                "the function binary {} is missing; start without --no-build",
                binary.display()
            )));
        }
    }
    Ok(())
}
