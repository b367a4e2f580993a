#!/bin/sh
# Runs many thousand seeds in parts, and goes on where it was stopped: on two cores it takes hours.
# Usage: tests/simulation/long.sh [TO] [FROM], by default the seeds 0 up to 50000.
# What each part prints is kept in target/seeds/, in a folder of the program that ran it: a program that is built anew begins anew.
set -eu
cd "$(dirname "$0")/../.."
to=${1:-50000}
from=${2:-0}
part=500
target=${CARGO_TARGET_DIR:-target}
cargo build --profile long -p simulation --locked
run=target/seeds/$(sha256sum "$target/long/simulation" | cut -c1-12)
mkdir -p "$run"
# Built anew meanwhile, this run's program stays what it is.
[ -e "$run/simulation" ] || cp "$target/long/simulation" "$run/simulation"
first=$from
while [ "$first" -lt "$to" ]; do
    log=$run/$first.log
    if [ ! -e "$log" ]; then
        "$run/simulation" --seeds "$part" --from "$first" > "$log.part" || true
        # A part that was stopped on its way has no last line, and is run again.
        if ! grep -q "^$part seeds in" "$log.part"; then
            echo "the part from $first did not come to its end; see $run/$first.log.part, and run this again" >&2
            exit 1
        fi
        mv "$log.part" "$log"
        echo "from $first: $(grep "^$part seeds in" "$log" | cut -d: -f1)"
        grep "^seed " "$log" || true
    fi
    first=$((first + part))
done
cat "$run"/*.log | awk -v run="$run" '/^[0-9]+ seeds in / { seeds += $1; seconds += $4; failed += $6 }
    END { printf "%s: %d seeds in %.0f s, %d failed\n", run, seeds, seconds, failed; exit failed > 0 }'
