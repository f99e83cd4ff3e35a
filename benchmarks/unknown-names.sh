#!/usr/bin/env bash
# Calls to a million names that no function has: heap, metrics and resident memory must stay flat.
#
#   benchmarks/unknown-names.sh [CALLS]        default: 1000000, each with a name of its own
#
# The gateway is the real "./barista serve". Its heap is read after a collection, before and after
# the calls (and after a first tenth of them, which loads classes and compiles code); its metrics are
# counted in lines. Ends with 1 if the heap has grown by more than 1 MiB or the metrics by more than
# the one series of these calls. Needs wrk and python3. Listens on 127.0.0.1 at free ports.
. "$(dirname "$0")/common.sh"

calls=${1:-1000000}
needs wrk python3

metrics=$(free_port)
METRICS_PORT=$metrics serve data
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
    wrk -t2 -c32 -d3s -s "$work/names.lua" "$url" >/dev/null
  done
}

call $((calls / 10))
heap=$(heap_kib "$server") lines=$(series) resident=$(resident_kib "$server")
call "$calls"
heap_after=$(heap_kib "$server") lines_after=$(series) resident_after=$(resident_kib "$server")

echo "$(date -u +%F) $(nproc) processors, $(answered) calls to unknown names"
echo "  heap after a collection, KiB   $heap -> $heap_after"
echo "  lines of metrics               $lines -> $lines_after"
echo "  resident, KiB                  $resident -> $resident_after"
[ $((heap_after - heap)) -le 1024 ] && [ "$lines_after" -le $((lines + 1)) ]
