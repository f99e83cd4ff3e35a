#!/usr/bin/env bash
# How fast replicas follow a step from 1 to 50 connections.
#
#   benchmarks/scale-step.sh [RUNS]        default: 3 of each
#
# The function sleeps 100 ms and asks for no CPU. Shown is the time from the step to the answer of
# the 45th replica (target 1, once with window 6s, whose panic window is 1 s, once with Knative's own
# windows of 60 s and 6 s), failed calls, and the time to the first step of the alert rule (more than
# 5 answers a second over 10 s, for 5 s). Ends with 1 if a call failed, or if the 45th replica came
# after more than 3 s with window 6s. Needs Go. Listens on 127.0.0.1 at free ports.
set -euo pipefail

runs=${1:-3}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true; }
  rm -rf "$work"
}
trap finish EXIT

export PATH=$PATH:/usr/local/go/bin CGO_ENABLED=0
mkdir -p "$work/sleeper"
go build -o "$work/sleeper/sleeper" "$root/benchmarks/sleeper/main.go"
go build -o "$work/load" "$root/benchmarks/load/main.go"
function_of() { # name, annotations
  cat <<STACK
  $1:
    lang: dockerfile
    handler: ./sleeper
    image: sleeper:latest
    fprocess: ./sleeper
    environment:
      mode: http
$2
STACK
}
knative='      autoscaling.knative.dev/target: "1"
      autoscaling.knative.dev/min-scale: "1"
      autoscaling.knative.dev/max-scale: "80"'
{
  printf 'version: 1.0\nprovider:\n  name: openfaas\nfunctions:\n'
  function_of quick "    annotations:
$knative
      autoscaling.knative.dev/window: 6s"
  function_of standard "    annotations:
$knative"
  function_of alert '    labels:
      com.openfaas.scale.max: "20"'
} >"$work/stack.yml"

"$root/barista" serve --port 0 --metrics-port 0 --data "$work/data" --with "$work/stack.yml" \
  >"$work/log" 2>&1 &
server=$!
for ((i = 0; i < 1200; i++)); do
  ! grep -q '^Barista ready' "$work/log" || break
  kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 0.1
done
url=$(sed -n 's/^Barista ready on \(http[^ ]*\) .*/\1/p' "$work/log")
password=$(cat "$work/data/secrets/basic-auth-password")

replicas() {
  curl -s -u "admin:$password" "$url/system/function/$1" | sed 's/.*"availableReplicas":\([0-9]*\).*/\1/'
}
settle() { # until the function has one replica again
  for ((i = 0; i < 300; i++)); do
    [ "$(replicas "$1")" != 1 ] || return 0
    sleep 0.5
  done
  echo "$1 did not come back to one replica" >&2
  exit 1
}

echo "$(date +%F) $(nproc) processors, load before: $(cut -d' ' -f1-3 /proc/loadavg)"
bad=0
for ((run = 1; run <= runs; run++)); do
  for name in quick standard; do
    settle "$name"
    line=$("$work/load" -c 50 -d 12s -replicas 45 "$url/function/$name")
    echo "$name: $line"
    set -- $line
    [ "$4" = 0 ] || bad=1
    [ "$name" != quick ] || awk -v s="${12}" 'BEGIN { exit !(s > 0 && s <= 3) }' || bad=1
  done
done
begin=$(date +%s%N)
"$work/load" -c 10 -d 18s "$url/function/alert" >"$work/alert"
step=$(grep -m1 'function=alert' "$work/log" | cut -d' ' -f1) || {
  echo "the alert never took a step" >&2
  exit 1
}
echo "alert: $(cat "$work/alert" | cut -d' ' -f1-4); first step $(awk -v a="$begin" \
  -v b="$(date -d "$step" +%s%N)" 'BEGIN { printf "%.1f", (b - a) / 1e9 }') s after the load began"
exit $bad
