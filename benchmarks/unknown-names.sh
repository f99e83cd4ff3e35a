#!/bin/bash
# Calls to a million names that no function has: heap, metrics and resident memory must stay flat.
#
#   benchmarks/unknown-names.sh [CALLS]        default: 1000000, each with a name of its own
#
# The gateway is the real "./barista serve". Its heap is read after a collection, before and after
# the calls (and after a first tenth of them, which loads classes and compiles code); its metrics are
# counted in lines. Ends with 1 if the heap has grown by more than 1 MiB or the metrics by more than
# the one series of these calls. Needs wrk and python3. Listens on 127.0.0.1 at free ports.
set -eu

calls=${1:-1000000}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)

finish() {
  kill "$jvm" 2>/dev/null || true
  wait "$jvm" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

gateway=$(free_port)
metrics=$(free_port)
"$root/barista" serve --port "$gateway" --metrics-port "$metrics" --data "$work/data" \
  >"$work/serve.log" 2>&1 & jvm=$!
for ((i = 0; i < 1800; i++)); do
  ! grep -q '^Barista ready' "$work/serve.log" || break
  kill -0 "$jvm" 2>/dev/null || { cat "$work/serve.log" >&2; exit 1; }
  sleep 0.1
done
jcmd=$(dirname "$(readlink "/proc/$jvm/exe")")/jcmd

heap_kib() { # used after a collection
  "$jcmd" "$jvm" GC.run >/dev/null
  "$jcmd" "$jvm" GC.heap_info | grep -oE 'used [0-9]+K' | head -2 | awk '{ sum += $2 } END { print sum }'
}
resident_kib() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$jvm/status"; }
series() { curl -sf "http://127.0.0.1:$metrics/metrics" | wc -l; }

cat >"$work/names.lua" <<'LUA'
local threads = 0
local number = 0
function setup(thread) thread:set("id", threads); threads = threads + 1 end
function request()
  number = number + 1
  return wrk.format("GET", "/function/n" .. id .. "-" .. number .. "." .. "ns" .. number)
end
LUA

answered() {
  curl -sf "http://127.0.0.1:$metrics/metrics" |
    sed -n 's/^http_requests_total{method="GET",path="\/function",status="404"} //p'
}

call() { # until so many have been answered
  while [ "$(answered | grep . || echo 0)" -lt "$1" ]; do
    wrk -t2 -c32 -d3s -s "$work/names.lua" "http://127.0.0.1:$gateway" >/dev/null
  done
}

call $((calls / 10))
heap=$(heap_kib) lines=$(series) resident=$(resident_kib)
call "$calls"
heap_after=$(heap_kib) lines_after=$(series) resident_after=$(resident_kib)

echo "$(date -u +%F) $(nproc) processors, $(answered) calls to unknown names"
echo "  heap after a collection, KiB   $heap -> $heap_after"
echo "  lines of metrics               $lines -> $lines_after"
echo "  resident, KiB                  $resident -> $resident_after"
[ $((heap_after - heap)) -le 1024 ] && [ "$lines_after" -le $((lines + 1)) ]
