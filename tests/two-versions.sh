#!/usr/bin/env bash
# tests/two-versions.sh [COMMIT] [SEEDS]: programs of this commit and of an earlier one, the one before if none is named,
# run the chaos story together on one table. Whenever a function's process is started, chance chooses which of the two.
set -euo pipefail
cd "$(dirname "$0")/.."

earlier=$(git rev-parse --verify "${1:-HEAD~1}^{commit}")
seeds=${2:-10}
home=$PWD/target/two-versions
cargo build --workspace --all-targets --locked --quiet
new=$PWD/target/debug

rm -rf "$home/tree" "$home/bin"
mkdir -p "$home/tree" "$home/bin"
# With today's times: what is older than what was built of it would count as built.
git archive "$earlier" | tar -x -m -C "$home/tree"
cargo=(--manifest-path "$home/tree/Cargo.toml" --target-dir "$home/target")
if [ ! -d "$home/target" ]; then
  # What was built of other people's crates is taken over.
  mkdir -p "$home/target/debug"
  cp -a "$new/build" "$new/.fingerprint" "$home/target/debug/"
  cp -al "$new/deps" "$home/target/debug/"
  cargo clean "${cargo[@]}" --workspace --quiet
fi
echo "building $earlier"
cargo build "${cargo[@]}" --workspace --all-targets --locked --quiet

for function in "$home"/tree/functions/*/; do
  name=$(basename "$function")
  cat >"$home/bin/$name" <<EOF
#!/bin/sh
if [ \$((\$\$ % 2)) = 0 ]; then
  echo $name >>"$home/earlier-ran"
  exec "$home/target/debug/$name" "\$@"
fi
echo $name >>"$home/this-ran"
exec "$new/$name" "\$@"
EOF
  chmod +x "$home/bin/$name"
done
ln -s "$new/troth" "$home/bin/troth"
: >"$home/earlier-ran"
: >"$home/this-ran"
"$new/examples/chaos" "$seeds" --bin-dir "$home/bin"
for version in earlier this; do
  echo "processes of $version commit: $(sort "$home/$version-ran" | uniq -c | tr -s ' \n' ' ')"
done
