#!/bin/bash
# What the gateway costs beside nginx: the same Go echo function behind both, in alternating pairs.
#
#   benchmarks/gateway-vs-nginx.sh [PAIRS] [SECONDS]        default: 9 pairs of 4 s per concurrency
#
# The gateway is the real "./barista serve" with all features on; nginx passes to the very same
# replica of the process provider, sets the same headers and keeps its connections too. The
# primary figure is the proxy's CPU time per call (utime + stime of /proc/PID/stat), because calls
# per second on a machine that also runs load and function say more about the machine. Each pair
# gives a ratio; shown are the median of the ratios and their quartiles. Needs nginx, wrk and Go.
# Everything listens on 127.0.0.1 at free ports and ends with the script.
set -eu

pairs=${1:-9}
seconds=${2:-4}
warmup=${WARMUP:-30}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
PATH=$PATH:/usr/sbin:/usr/local/go/bin
children=()

finish() {
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  for child in "${children[@]}"; do wait "$child" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

for tool in nginx wrk go; do
  command -v "$tool" >/dev/null || { echo "needs $tool on the PATH" >&2; exit 1; }
done

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

await() { # seconds, command...
  local left=$(($1 * 10)); shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "gave up waiting for: $*" >&2; return 1; }
    sleep 0.1
  done
}

# ---- the function behind the gateway ------------------------------------------------------------

mkdir -p "$work/echo" "$work/tmp"
CGO_ENABLED=0 go build -o "$work/echo/echo" "$root/benchmarks/echo/main.go"

cat >"$work/stack.yml" <<STACK
version: 1.0
provider:
  name: openfaas
functions:
  echo:
    lang: dockerfile
    handler: ./echo
    image: echo:latest
    fprocess: ./echo
    labels:                         # nginx passes to one replica, so the gateway must too
      com.openfaas.scale.max: "1"
    environment:
      mode: http
STACK
gateway=$(free_port)
"$root/barista" serve --port "$gateway" --metrics-port 0 --data "$work/data" \
  --with "$work/stack.yml" >"$work/serve.log" 2>&1 & jvm=$!; children+=($jvm)
await 300 curl -sf -d x "http://127.0.0.1:$gateway/function/echo" || { cat "$work/serve.log" >&2; exit 1; }

# The replica's own port, so that everyone measured calls the very same process.
descends() { # from the gateway, of a process
  local pid=$1
  while [ "$pid" -gt 1 ]; do
    [ "$pid" != "$jvm" ] || return 0
    pid=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status") || return 1
  done
  return 1
}
for pid in $(pgrep -x echo); do
  if descends "$pid"; then bare=$(tr '\0' '\n' <"/proc/$pid/environ" | sed -n 's/^PORT=//p'); fi
done
curl -sf -d x "http://127.0.0.1:$bare/" >/dev/null

# ---- the same function behind nginx -------------------------------------------------------------

proxy=$(free_port)
cat >"$work/nginx.conf" <<CONF
worker_processes $(nproc);
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $work/tmp; proxy_temp_path $work/tmp; fastcgi_temp_path $work/tmp;
  uwsgi_temp_path $work/tmp; scgi_temp_path $work/tmp;
  upstream function { server 127.0.0.1:$bare; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:$proxy;
    keepalive_requests 1000000000;
    location /function/echo {
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Call-Id \$request_id;
      proxy_set_header X-Start-Time \$msec;
      proxy_set_header X-Forwarded-Host \$http_host;
      proxy_set_header X-Forwarded-For \$remote_addr:\$remote_port;
      add_header X-Call-Id \$request_id;
      add_header X-Start-Time \$msec;
      proxy_pass http://function/;
    }
  }
}
CONF
nginx -e "$work/nginx.log" -c "$work/nginx.conf" & nginx=$!; children+=($nginx)
await 10 curl -sf -d x "http://127.0.0.1:$proxy/function/echo"

# ---- measuring ----------------------------------------------------------------------------------

cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = "ping"
wrk.headers["Content-Type"] = "text/plain"
LUA

cpu_ticks() { # of a process and its children
  local sum=0 pid
  for pid in "$1" $(cat "/proc/$1/task/$1/children"); do
    set -- $(sed 's/.*) //' "/proc/$pid/stat")
    sum=$((sum + ${12} + ${13}))
  done
  echo "$sum"
}

sample() { # pid, url, connections -> calls/s, CPU µs per call, p50 and p99 as wrk shows them
  local before after out threads=2
  [ "$3" -ge 2 ] || threads=1
  [ "$1" = none ] || before=$(cpu_ticks "$1")
  out=$(wrk -t"$threads" -c"$3" -d"${seconds}s" --latency -s "$work/post.lua" "$2")
  if grep -qE 'Non-2xx|Socket errors' <<<"$out"; then echo "$out" >&2; return 1; fi
  after=${before:-0}
  [ "$1" = none ] || after=$(cpu_ticks "$1")
  awk -v ticks=$((after - ${before:-0})) -v hz="$(getconf CLK_TCK)" '
    /requests in/ { calls = $1 } /Requests\/sec/ { rate = $2 } /50%/ { p50 = $2 } /99%/ { p99 = $2 }
    END { printf "%d %.1f %s %s\n", rate, ticks * 1e6 / hz / calls, p50, p99 }' <<<"$out"
}

quartiles() { # of the numbers on the input
  sort -g | awk '{ v[NR] = $1 } END {
    printf "%.2f (%.2f-%.2f)\n", v[int((NR + 1) / 2)], v[int((NR + 3) / 4)], v[int((3 * NR + 3) / 4)] }'
}

report() { # file of pairs: calls/s, CPU, p50, p99 of the gateway and the same of nginx
  echo "  calls/s, gateway ÷ nginx     $(awk '{ print $1 / $5 }' "$1" | quartiles)"
  echo "  CPU per call, gateway ÷ nginx $(awk '{ print $2 / $6 }' "$1" | quartiles)"
  echo "  CPU per call, gateway, µs    $(awk '{ print $2 }' "$1" | quartiles)"
  echo "  CPU per call, nginx, µs      $(awk '{ print $6 }' "$1" | quartiles)"
  echo "  calls/s, gateway             $(awk '{ print $1 }' "$1" | quartiles)"
  echo "  calls/s, gateway ÷ bare      $(awk '{ print $1 / $9 }' "$1" | quartiles)"
}

echo "$(date -u +%F) $(nproc) processors, $(uname -sr), load before: $(cut -d' ' -f1-3 /proc/loadavg)"
wrk -t2 -c50 -d"${warmup}s" -s "$work/post.lua" "http://127.0.0.1:$gateway/function/echo" >/dev/null
for connections in 50 1; do
  : >"$work/pairs"
  for ((pair = 0; pair < pairs; pair++)); do
    if ((pair % 2)); then
      peer=$(sample "$nginx" "http://127.0.0.1:$proxy/function/echo" "$connections")
      ours=$(sample "$jvm" "http://127.0.0.1:$gateway/function/echo" "$connections")
    else
      ours=$(sample "$jvm" "http://127.0.0.1:$gateway/function/echo" "$connections")
      peer=$(sample "$nginx" "http://127.0.0.1:$proxy/function/echo" "$connections")
    fi
    direct=$(sample none "http://127.0.0.1:$bare/" "$connections")
    echo "$ours $peer $direct" >>"$work/pairs"
  done
  echo "c=$connections, $pairs pairs of ${seconds} s: median (quartiles)"
  report "$work/pairs"
  echo "  each pair (gateway: calls/s, CPU µs, p50, p99 | nginx: the same):"
  awk '{ print "    " $1, $2, $3, $4, "|", $5, $6, $7, $8 }' "$work/pairs"
done
