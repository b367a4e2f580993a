#!/usr/bin/env bash
# The store's own tests, and a story over the real binaries with every tick, against a DynamoDB that is not the embedded
# one: ministack, from PyPI, in target/second. What differs between the two is listed in docs/OPERATIONS.md.
set -euo pipefail
cd "$(dirname "$0")/.."

story=${SECOND_STORY:-ladder_repeats_until_somebody_says_that_they_have_it}
home=target/second
[ -x $home/bin/python ] || python3 -m venv $home
PIP_DISABLE_PIP_VERSION_CHECK=1 $home/bin/pip install --quiet ministack==1.5.33

server=
trap 'kill $server 2>/dev/null || true' EXIT

# A port that is free now, below those that the kernel lends to outgoing connections: one of those is sometimes taken.
free_port() {
  $home/bin/python - <<'EOF'
import random, socket
for port in random.sample(range(20000, 32000), 100):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
EOF
}

# Starts the server with nothing in it, and tells the tests where.
serve() {
  local port
  port=$(free_port)
  export SECOND_DYNAMODB=http://127.0.0.1:$port
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

serve
cargo test --workspace --locked --test store "$@"
kill $server
wait $server 2>/dev/null || true
serve
cargo test --workspace --locked --test scenarios -- --exact "$story"
