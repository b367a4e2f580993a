#!/bin/sh
# Prints the lines of the desk that no story of the simulation comes to: a bug there would not be found.
# Usage: tests/simulation/uncovered.sh [SEEDS] [FOLDER], by default 200 seeds and functions/.
# Needs the tools of the compiler's own LLVM: rustup component add llvm-tools.
set -eu
cd "$(dirname "$0")/../.."
seeds=${1:-200}
folder=${2:-functions/}
tools="$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin"
if [ ! -x "$tools/llvm-cov" ]; then
    echo "llvm-cov is not there; get it with: rustup component add llvm-tools" >&2
    exit 1
fi
out=$PWD/target/uncovered
rm -rf "$out"
mkdir -p "$out"
# Only the desk's own crates are counted; what was built of other people's fits as it is.
printf '#!/bin/sh\nexec "$@" -C instrument-coverage\n' > "$out/rustc"
chmod +x "$out/rustc"
# Build scripts are counted, too, and nobody asks what they say.
LLVM_PROFILE_FILE=/dev/null RUSTC_WORKSPACE_WRAPPER="$out/rustc" \
    cargo build --profile long --workspace --bins --locked
cp target/long/simulation "$out/simulation"
LLVM_PROFILE_FILE="$out/%p.profraw" "$out/simulation" --seeds "$seeds" > "$out/seeds.log" || {
    cat "$out/seeds.log" >&2
    exit 1
}
"$tools/llvm-profdata" merge -sparse "$out"/*.profraw -o "$out/all.profdata"
# A file's name, then its lines with a count of 0.
"$tools/llvm-cov" show "$out/simulation" -instr-profile="$out/all.profdata" "$folder" |
    awk '/^[^ ].*:$/ { file = $0; next } /^ *[0-9]+\| +0\|/ { if (file != "") print file; file = ""; print }'
