#!/usr/bin/env bash
# The store's own tests against a DynamoDB that is not the embedded one: ministack, from PyPI, in target/second.
# What differs between the two is listed in docs/OPERATIONS.md.
set -euo pipefail
cd "$(dirname "$0")/.."

home=target/second
[ -x $home/bin/python ] || python3 -m venv $home
PIP_DISABLE_PIP_VERSION_CHECK=1 $home/bin/pip install --quiet ministack==1.5.33

port=${SECOND_PORT:-45660}
BIND_HOST=127.0.0.1 GATEWAY_PORT=$port $home/bin/ministack >$home/ministack.log 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  kill -0 $server 2>/dev/null || { cat $home/ministack.log >&2; exit 1; }
  sleep 0.2
done

SECOND_DYNAMODB=http://127.0.0.1:$port cargo test --workspace --locked --test store "$@"
