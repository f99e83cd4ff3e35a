#!/usr/bin/env bash
# 1 GB down and up through the gateway beside nginx, in front of the very same replica, and through
# a streaming function (head, wc) of the gateway's: bytes a second, and what stays resident.
#
#   benchmarks/streaming-1gb.sh [PAIRS [MEGABYTES]]      default: 5 pairs of 1024 MB
#
# Alternating pairs; shown is the median of the ratios with the worst and the best. The gateway's
# heap is that of ./barista serve (128 MB). Needs nginx, Go, curl. Listens on 127.0.0.1 only.
set -euo pipefail

pairs=${1:-5}; megabytes=${2:-1024}
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
for tool in nginx go curl; do command -v "$tool" >/dev/null || { echo "needs $tool" >&2; exit 1; }; done
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

mkdir -p "$work/bulk" "$work/tmp"
CGO_ENABLED=0 go build -o "$work/bulk/bulk" "$root/benchmarks/bulk/main.go"
cat >"$work/stack.yml" <<STACK
version: 1.0
provider:
  name: openfaas
functions:
  bulk:
    lang: dockerfile
    handler: ./bulk
    image: bulk:latest
    fprocess: ./bulk
    environment: { mode: http }
  down:
    lang: dockerfile
    handler: ./bulk
    image: bulk:latest
    fprocess: head -c $((megabytes << 20)) /dev/zero
    environment: { mode: streaming }
  up:
    lang: dockerfile
    handler: ./bulk
    image: bulk:latest
    fprocess: wc -c
    environment: { mode: streaming }
STACK
gateway=$(free_port)
"$root/barista" serve --port "$gateway" --metrics-port 0 --data "$work/data" --max-body 4Gi \
  --with "$work/stack.yml" >"$work/serve.log" 2>&1 & jvm=$!; pids+=($jvm)
for _ in $(seq 600); do curl -sf "http://127.0.0.1:$gateway/function/bulk?megabytes=0" >/dev/null && break; sleep 0.1; done
descends() {
  local pid=$1
  while [ "$pid" -gt 1 ]; do
    [ "$pid" != "$jvm" ] || return 0
    pid=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status") || return 1
  done
  return 1
}
for pid in $(pgrep -x bulk); do
  if descends "$pid"; then bare=$(tr '\0' '\n' <"/proc/$pid/environ" | sed -n 's/^PORT=//p'); fi
done
proxy=$(free_port)
cat >"$work/nginx.conf" <<CONF
worker_processes $(nproc);
daemon off;
pid $work/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off; client_max_body_size 0;
  client_body_temp_path $work/tmp; proxy_temp_path $work/tmp; fastcgi_temp_path $work/tmp;
  uwsgi_temp_path $work/tmp; scgi_temp_path $work/tmp;
  server {
    listen 127.0.0.1:$proxy;
    # As a streaming proxy: nothing of a body is kept in a file.
    location / { proxy_http_version 1.1; proxy_request_buffering off; proxy_max_temp_file_size 0; proxy_pass http://127.0.0.1:$bare; }
  }
}
CONF
nginx -e "$work/nginx.log" -c "$work/nginx.conf" & pids+=($!)
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$proxy/?megabytes=0" >/dev/null && break; sleep 0.05; done

down() { curl -sf -o /dev/null -w '%{size_download} %{time_total}\n' "$1"; }
up() { head -c $((megabytes << 20)) /dev/zero | curl -sf -o /dev/null -H 'Expect:' -T - -X POST -w '%{size_upload} %{time_total}\n' "$1"; }
# an upload's size is told with its chunks' heads
rate() { awk -v want=$((megabytes << 20)) '{ if ($1 < want) { print "short: " $0 > "/dev/stderr"; exit 1 } printf "%.0f\n", $1 / 1048576 / $2 }'; }
report() { # file of pairs
  awk '{ print $1 / $2 }' "$1" | sort -g | awk '{ v[NR] = $1 } END { printf "ratio %.2f (%.2f..%.2f)", v[int((NR + 1) / 2)], v[1], v[NR] }'
  awk '{ print $1 }' "$1" | sort -g | awk '{ v[NR] = $1 } END { printf ", ours %d MB/s", v[int((NR + 1) / 2)] }'
  awk '{ print $2 }' "$1" | sort -g | awk '{ v[NR] = $1 } END { printf ", nginx %d MB/s\n", v[int((NR + 1) / 2)] }'
}

echo "$(date -u +%F) $(nproc) processors, $(uname -sr), load before: $(cut -d' ' -f1-3 /proc/loadavg)"
path="/?megabytes=$megabytes"
: >"$work/d"; : >"$work/u"; : >"$work/sd"; : >"$work/su"
for ((i = 0; i <= pairs; i++)); do # the first pair warms up
  echo "$(down "http://127.0.0.1:$gateway/function/bulk$path" | rate) $(down "http://127.0.0.1:$proxy$path" | rate)" >>"$work/d"
  echo "$(up "http://127.0.0.1:$gateway/function/bulk" | rate) $(up "http://127.0.0.1:$proxy/" | rate)" >>"$work/u"
  echo "$(down "http://127.0.0.1:$gateway/function/down" | rate) $(tail -1 "$work/d" | cut -d' ' -f2)" >>"$work/sd"
  echo "$(up "http://127.0.0.1:$gateway/function/up" | rate) $(tail -1 "$work/u" | cut -d' ' -f2)" >>"$work/su"
done
sed -i 1d "$work"/{d,u,sd,su}
echo "http function, down:      $(report "$work/d")"
echo "http function, up:        $(report "$work/u")"
echo "streaming function, down: $(report "$work/sd")"
echo "streaming function, up:   $(report "$work/su")"
echo "resident: gateway $(awk '/VmRSS/ { print $2 }' "/proc/$jvm/status") kB (peak $(awk '/VmHWM/ { print $2 }' "/proc/$jvm/status") kB)"
