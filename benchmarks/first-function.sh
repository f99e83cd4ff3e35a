#!/usr/bin/env bash
# From `barista new` to the answer of an own function, as a user types it, and a rebuild after a change.
#
#   benchmarks/first-function.sh [LANG [ROUNDS]]     default: python3-http, 5 rounds
#
# Starts a server of its own on free ports; needs a built distribution (./barista version builds it).
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
lang=${1:-python3-http} rounds=${2:-5}
work=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null; wait "$server" 2>/dev/null; } || true
  rm -rf "$work"
}
trap cleanup EXIT

export BARISTA_DATA=$work/data
: >"$work/serve.log"
"$here/barista" serve --port 0 --metrics-port 0 >"$work/serve.log" 2>&1 &
server=$!
until grep -q 'Barista ready on' "$work/serve.log"; do
  kill -0 "$server" || { cat "$work/serve.log" >&2; exit 1; }
  sleep 0.1
done
OPENFAAS_URL=$(sed -n 's/.*Barista ready on \(http[^ ]*\).*/\1/p' "$work/serve.log")
export OPENFAAS_URL

cd "$work"
millis() { echo $(($(date +%s%N) / 1000000)); }
run() { # prints what a failed step said
  "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
}
for i in $(seq "$rounds"); do
  start=$(millis)
  run "$here/barista" new "fn$i" --lang "$lang"
  created=$(millis)
  run "$here/barista" up -f "fn$i.yml"
  deployed=$(millis)
  echo hi | run "$here/barista" invoke "fn$i"
  answered=$(millis)
  find "fn$i" -name '[hH]andler.*' -exec sh -c 'printf "\n" >> "$1"' _ {} \;
  changed=$(millis)
  run "$here/barista" build -f "fn$i.yml"
  rebuilt=$(millis)
  echo "$lang: new $((created - start)) ms, up $((deployed - created)) ms, invoke $((answered - deployed)) ms," \
    "together $((answered - start)) ms; rebuilt after a change in $((rebuilt - changed)) ms"
done
