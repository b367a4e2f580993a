#!/usr/bin/env bash
# The store's own tests, and a story over the real binaries with every tick, against a DynamoDB that is not the embedded
# one: ministack, from PyPI, in target/second. What differs between the two is listed in docs/OPERATIONS.md.
set -euo pipefail
cd "$(dirname "$0")/.."

story=${SECOND_STORY:-ladder_repeats_until_somebody_says_that_they_have_it}
home=target/second
[ -x $home/bin/python ] || python3 -m venv $home
PIP_DISABLE_PIP_VERSION_CHECK=1 $home/bin/pip install --quiet ministack==1.5.33

port=${SECOND_PORT:-45660}
server=
trap 'kill $server 2>/dev/null || true' EXIT

# Starts the server with nothing in it.
serve() {
  BIND_HOST=127.0.0.1 GATEWAY_PORT=$port $home/bin/ministack >$home/ministack.log 2>&1 &
  server=$!
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
    kill -0 $server 2>/dev/null || break
    sleep 0.2
  done
  cat $home/ministack.log >&2
  exit 1
}

export SECOND_DYNAMODB=http://127.0.0.1:$port
serve
cargo test --workspace --locked --test store "$@"
kill $server
wait $server 2>/dev/null || true
serve
cargo test --workspace --locked --test scenarios -- --exact "$story"
