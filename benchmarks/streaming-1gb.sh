#!/usr/bin/env bash
# 1 GB down and up through the gateway beside nginx, in front of the very same replica, and through
# a streaming function (dd, wc) of the gateway's: bytes a second, and what stays resident.
#
#   benchmarks/streaming-1gb.sh [PAIRS [MEGABYTES]]      default: 5 pairs of 1024 MB
#
# Alternating pairs; shown is the median of the ratios with the worst and the best. The gateway's
# heap is that of ./barista serve (128 MB). Needs nginx, Go, curl. Listens on 127.0.0.1 only.
. "$(dirname "$0")/common.sh"

pairs=${1:-5}; megabytes=${2:-1024}
needs nginx go curl

go_program bulk
streaming_function() { # name, command
  go_function "$1" bulk | sed -e "s|fprocess: .*|fprocess: $2|" -e 's/mode: http/mode: streaming/'
}
{
  go_function bulk bulk
  # in blocks as large as the peer's, which head's 4 KiB are not
  streaming_function down "dd if=/dev/zero bs=1M count=$megabytes status=none"
  streaming_function up 'wc -c'
} | stack_file >"$work/stack.yml"
serve data --max-body 4Gi --with "$work/stack.yml"
await 60 curl -sf "$url/function/bulk?megabytes=0"
bare=$(replica_port bulk)
proxy=$(free_port)
start_nginx <<CONF
  server {
    listen 127.0.0.1:$proxy;
    # As a streaming proxy: nothing of a body is kept in a file.
    location / { proxy_http_version 1.1; proxy_request_buffering off; proxy_max_temp_file_size 0; proxy_pass http://127.0.0.1:$bare; }
  }
CONF
await 5 curl -sf "http://127.0.0.1:$proxy/?megabytes=0"

down() { curl -sf -o /dev/null -w '%{size_download} %{time_total}\n' "$1"; }
up() { head -c $((megabytes << 20)) /dev/zero | curl -sf -o /dev/null -H 'Expect:' -T - -X POST -w '%{size_upload} %{time_total}\n' "$1"; }
# an upload's size is told with its chunks' heads
rate() { awk -v want=$((megabytes << 20)) '{ if ($1 < want) { print "short: " $0 > "/dev/stderr"; exit 1 } printf "%.0f\n", $1 / 1048576 / $2 }'; }
report() { # file of pairs
  echo "ratio $(awk '{ print $1 / $2 }' "$1" | spread), ours $(awk '{ print $1 }' "$1" | median) MB/s," \
    "nginx $(awk '{ print $2 }' "$1" | median) MB/s"
}

machine
path="/?megabytes=$megabytes"
: >"$work/d"; : >"$work/u"; : >"$work/sd"; : >"$work/su"
for ((i = 0; i <= pairs; i++)); do # the first pair warms up
  echo "$(down "$url/function/bulk$path" | rate) $(down "http://127.0.0.1:$proxy$path" | rate)" >>"$work/d"
  echo "$(up "$url/function/bulk" | rate) $(up "http://127.0.0.1:$proxy/" | rate)" >>"$work/u"
  echo "$(down "$url/function/down" | rate) $(tail -1 "$work/d" | cut -d' ' -f2)" >>"$work/sd"
  echo "$(up "$url/function/up" | rate) $(tail -1 "$work/u" | cut -d' ' -f2)" >>"$work/su"
done
sed -i 1d "$work"/{d,u,sd,su}
echo "http function, down:      $(report "$work/d")"
echo "http function, up:        $(report "$work/u")"
echo "streaming function, down: $(report "$work/sd")"
echo "streaming function, up:   $(report "$work/su")"
echo "resident: gateway $(awk '/VmRSS/ { print $2 }' "/proc/$server/status") kB (peak $(awk '/VmHWM/ { print $2 }' "/proc/$server/status") kB)"
