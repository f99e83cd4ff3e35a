#!/usr/bin/env bash
# From `barista new` to the answer of an own function, as a user types it, and a rebuild after a change.
#
#   benchmarks/first-function.sh [LANG [ROUNDS]]     default: python3-http, 5 rounds
#
# Starts a server of its own on free ports; needs a built distribution (./barista version builds it).
. "$(dirname "$0")/common.sh"

lang=${1:-python3-http} rounds=${2:-5}
export BARISTA_DATA=$work/data
serve data
export OPENFAAS_URL=$url

cd "$work"
millis() { echo $(($(date +%s%N) / 1000000)); }
run() { # prints what a failed step said
  "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
}
for i in $(seq "$rounds"); do
  start=$(millis)
  run "$root/barista" new "fn$i" --lang "$lang"
  created=$(millis)
  run "$root/barista" up -f "fn$i.yml"
  deployed=$(millis)
  echo hi | run "$root/barista" invoke "fn$i"
  answered=$(millis)
  find "fn$i" -name '[hH]andler.*' -exec sh -c 'printf "\n" >> "$1"' _ {} \;
  changed=$(millis)
  run "$root/barista" build -f "fn$i.yml"
  rebuilt=$(millis)
  echo "$lang: new $((created - start)) ms, up $((deployed - created)) ms, invoke $((answered - deployed)) ms," \
    "together $((answered - start)) ms; rebuilt after a change in $((rebuilt - changed)) ms"
done
