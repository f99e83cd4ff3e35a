#!/usr/bin/env bash
# Whether going to zero and back loses a call, and how long many functions take that wake at once.
#
#   benchmarks/zero.sh [ROUNDS] [FUNCTIONS] [WOKEN]        default: 10 rounds, 500 functions, 50 woken
#
# First one function goes ROUNDS times from 0 to 10 and to 0 again (window 6s, target 1). Then
# FUNCTIONS functions idle to zero, and WOKEN of them get a call at the same time. Shown are failed
# calls and the p95 of the woken ones. Ends with 1 if a call failed or the p95 is above 2 s.
# Needs Go. Listens on 127.0.0.1 at free ports.
set -euo pipefail

rounds=${1:-10}
functions=${2:-500}
woken=${3:-50}
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
cat >"$work/stack.yml" <<'STACK'
version: 1.0
provider:
  name: openfaas
functions:
  demo:
    lang: dockerfile
    handler: ./sleeper
    image: sleeper:latest
    fprocess: ./sleeper
    environment:
      mode: http
    annotations:
      autoscaling.knative.dev/target: "1"
      autoscaling.knative.dev/max-scale: "10"
      autoscaling.knative.dev/window: 6s
      autoscaling.knative.dev/scale-to-zero-grace-period: 1s
STACK
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
api() { curl -sf -u "admin:$password" "$@"; }
awake() { # replicas of all functions together
  api "$url/system/functions" | grep -o '"replicas":[0-9]*' | awk -F: '{ n += $2 } END { print n + 0 }'
}
until_zero() {
  for ((i = 0; i < 600; i++)); do
    [ "$(awake)" != 0 ] || return 0
    sleep 0.25
  done
  echo "still $(awake) replicas" >&2
  exit 1
}

echo "$(date +%F) $(nproc) processors, load before: $(cut -d' ' -f1-3 /proc/loadavg)"
bad=0
for ((round = 1; round <= rounds; round++)); do
  until_zero
  line=$("$work/load" -c 12 -d 8s -replicas 10 "$url/function/demo")
  echo "round $round: $line"
  set -- $line
  [ "$4" = 0 ] || bad=1
done

for ((n = 0; n < functions; n++)); do
  api -o /dev/null -H 'Content-Type: application/json' -d '{"service":"f'$n'","image":"sleeper:latest",
    "envProcess":"./sleeper","envVars":{"mode":"http"},
    "labels":{"com.openfaas.scale.zero":"true","com.openfaas.scale.zero-duration":"1s"}}' \
    "$url/system/functions"
done
until_zero
urls=()
for ((n = 0; n < woken; n++)); do urls+=("$url/function/f$((n * functions / woken))"); done
line=$("$work/load" -once "${urls[@]}")
echo "$woken of $functions woken: $line"
set -- $line
[ "$4" = 0 ] || bad=1
awk -v p="$8" 'BEGIN { exit !(p <= 2000) }' || bad=1
exit $bad
