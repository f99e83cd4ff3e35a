#!/usr/bin/env bash
# The stand-alone watchdog in http mode beside of-watchdog (if it is on the PATH) and nginx, each in
# front of the very same Go echo function, in alternating rounds.
#
#   benchmarks/watchdog-http.sh [ROUNDS [SECONDS]]      default: 7 rounds of 4 s, at c=50 and c=1
#
# Shown are calls a second, the p99 as wrk tells it, and the proxy's CPU time per call (utime + stime
# of /proc/PID/stat): medians, and the medians of the ratios within a round. Needs wrk, Go, nginx and
# a built distribution (./barista version). Everything listens on 127.0.0.1 at free ports.
. "$(dirname "$0")/common.sh"

rounds=${1:-7}; seconds=${2:-4}; warmup=${WARMUP:-20}
needs nginx wrk go
await_port() { await 10 curl -sf -d x "http://127.0.0.1:$1/"; }

go_program echo
function=$(free_port)
PORT=$function "$work/echo/echo" & pids+=($!); await_port "$function"

# ours: its function process only lives, the calls go to the one echo function of all
ours_port=$(free_port); mkdir "$work/a"
mode=http fprocess=cat upstream_url=http://127.0.0.1:$function port=$ours_port TMPDIR=$work/a \
  BARISTA_METRICS_PORT=off healthcheck_interval=0 "$root/barista" watchdog >/dev/null 2>&1 & ours=$!
pids+=($ours); await_port "$ours_port"

names=(ours nginx); ports=("$ours_port"); procs=("$ours")
nginx_port=$(free_port)
start_nginx <<CONF
  upstream function { server 127.0.0.1:$function; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:$nginx_port;
    keepalive_requests 1000000000;
    location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://function; }
  }
CONF
await_port "$nginx_port"
ports+=("$nginx_port"); procs+=("$nginx")
if command -v of-watchdog >/dev/null; then
  peer_port=$(free_port); mkdir "$work/b"
  mode=http fprocess=cat upstream_url=http://127.0.0.1:$function port=$peer_port TMPDIR=$work/b \
    of-watchdog >/dev/null 2>&1 & peer=$!
  pids+=($peer); await_port "$peer_port"; names+=(of-watchdog); ports+=("$peer_port"); procs+=("$peer")
else
  echo "of-watchdog is not on the PATH: beside nginx only"
fi

post=$(post_script)
sample() { # port pid connections → calls/s, p99 in ms, µs of CPU a call
  local threads=2 before after
  [ "$3" -ge 2 ] || threads=1
  before=$(cpu_ticks "$2")
  wrk -t$threads -c"$3" -d"${seconds}s" --latency -s "$post" "http://127.0.0.1:$1/" >"$work/wrk"
  after=$(cpu_ticks "$2")
  if grep -qE 'Non-2xx|Socket errors' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
  awk -v t=$((after - before)) '
    /requests in/ { calls = $1 } /Requests\/sec/ { rate = $2 }
    /99%/ { v = $2; p99 = v ~ /us$/ ? v / 1000 : v ~ /ms$/ ? v + 0 : v * 1000 }
    END { printf "%.0f %.2f %.1f\n", rate, p99, t * 1e4 / calls }' "$work/wrk"
}
machine
wrk -t2 -c50 -d"${warmup}s" -s "$post" "http://127.0.0.1:$ours_port/" >/dev/null
for c in 50 1; do
  for name in "${names[@]}"; do : >"$work/$name"; done
  for ((round = 0; round < rounds; round++)); do
    for i in "${!names[@]}"; do sample "${ports[$i]}" "${procs[$i]}" $c >>"$work/${names[$i]}"; done
  done
  for name in "${names[@]}"; do
    printf 'c=%-3s %-12s %s calls/s, p99 %s ms, %s µs of CPU a call' $c "$name" \
      "$(awk '{print $1}' "$work/$name" | median)" "$(awk '{print $2}' "$work/$name" | median)" \
      "$(awk '{print $3}' "$work/$name" | median)"
    [ "$name" = ours ] || printf '; ours ÷ it: calls %.2f, p99 %.2f, CPU %.2f' \
      "$(paste "$work/ours" "$work/$name" | awk '{print $1 / $4}' | median)" \
      "$(paste "$work/ours" "$work/$name" | awk '{print $2 / $5}' | median)" \
      "$(paste "$work/ours" "$work/$name" | awk '{print $3 / $6}' | median)"
    echo
  done
done
grep VmRSS "/proc/$ours/status" | awk '{ print "resident: " $2 " kB" }'
