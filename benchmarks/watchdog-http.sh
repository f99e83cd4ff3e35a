#!/usr/bin/env bash
# The stand-alone watchdog in http mode beside of-watchdog (if it is on the PATH) and nginx, each in
# front of the very same Go echo function, in alternating rounds.
#
#   benchmarks/watchdog-http.sh [ROUNDS [SECONDS]]      default: 7 rounds of 4 s, at c=50 and c=1
#
# Shown are calls a second, the p99 as wrk tells it, and the proxy's CPU time per call (utime + stime
# of /proc/PID/stat): medians, and the medians of the ratios within a round. Needs wrk, Go, nginx and
# a built distribution (./barista version). Everything listens on 127.0.0.1 at free ports.
set -euo pipefail

rounds=${1:-7}; seconds=${2:-4}; warmup=${WARMUP:-20}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
PATH=$PATH:/usr/sbin:/usr/local/go/bin
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
for tool in nginx wrk go; do command -v "$tool" >/dev/null || { echo "needs $tool" >&2; exit 1; }; done
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
await() { for _ in $(seq 200); do curl -sf -d x "http://127.0.0.1:$1/" >/dev/null && return; sleep 0.05; done; echo "nothing at $1" >&2; exit 1; }

CGO_ENABLED=0 go build -o "$work/echo" "$root/benchmarks/echo/main.go"
function=$(free_port)
PORT=$function "$work/echo" & pids+=($!); await "$function"

# ours: its function process only lives, the calls go to the one echo function of all
ours_port=$(free_port); mkdir "$work/a"
mode=http fprocess=cat upstream_url=http://127.0.0.1:$function port=$ours_port TMPDIR=$work/a \
  BARISTA_METRICS_PORT=off healthcheck_interval=0 "$root/barista" watchdog >/dev/null 2>&1 & ours=$!
pids+=($ours); await "$ours_port"

names=(ours nginx); ports=("$ours_port"); procs=("$ours")
nginx_port=$(free_port)
cat >"$work/nginx.conf" <<CONF
worker_processes $(nproc);
daemon off;
pid $work/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $work/tmp; proxy_temp_path $work/tmp; fastcgi_temp_path $work/tmp;
  uwsgi_temp_path $work/tmp; scgi_temp_path $work/tmp;
  upstream function { server 127.0.0.1:$function; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:$nginx_port;
    keepalive_requests 1000000000;
    location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://function; }
  }
}
CONF
mkdir "$work/tmp"
nginx -e "$work/nginx.log" -c "$work/nginx.conf" & nginx=$!; pids+=($nginx); await "$nginx_port"
ports+=("$nginx_port"); procs+=("$nginx")
if command -v of-watchdog >/dev/null; then
  peer_port=$(free_port); mkdir "$work/b"
  mode=http fprocess=cat upstream_url=http://127.0.0.1:$function port=$peer_port TMPDIR=$work/b \
    of-watchdog >/dev/null 2>&1 & peer=$!
  pids+=($peer); await "$peer_port"; names+=(of-watchdog); ports+=("$peer_port"); procs+=("$peer")
else
  echo "of-watchdog is not on the PATH: beside nginx only"
fi

cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = "ping"
LUA
ticks() { # of a process and its children
  local sum=0 pid
  for pid in "$1" $(cat "/proc/$1/task/$1/children"); do
    sum=$((sum + $(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }')))
  done
  echo "$sum"
}
sample() { # port pid connections → calls/s, p99 in ms, µs of CPU a call
  local threads=2 before after
  [ "$3" -ge 2 ] || threads=1
  before=$(ticks "$2")
  wrk -t$threads -c"$3" -d"${seconds}s" --latency -s "$work/post.lua" "http://127.0.0.1:$1/" >"$work/wrk"
  after=$(ticks "$2")
  if grep -qE 'Non-2xx|Socket errors' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
  awk -v t=$((after - before)) '
    /requests in/ { calls = $1 } /Requests\/sec/ { rate = $2 }
    /99%/ { v = $2; p99 = v ~ /us$/ ? v / 1000 : v ~ /ms$/ ? v + 0 : v * 1000 }
    END { printf "%.0f %.2f %.1f\n", rate, p99, t * 1e4 / calls }' "$work/wrk"
}
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

echo "$(date -u +%F) $(nproc) processors, $(uname -sr), load before: $(cut -d' ' -f1-3 /proc/loadavg)"
wrk -t2 -c50 -d"${warmup}s" -s "$work/post.lua" "http://127.0.0.1:$ours_port/" >/dev/null
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
