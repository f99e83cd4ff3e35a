#!/usr/bin/env bash
# Whether going to zero and back loses a call, and how long many functions take that wake at once.
#
#   benchmarks/zero.sh [ROUNDS] [FUNCTIONS] [WOKEN]        default: 10 rounds, 500 functions, 50 woken
#
# First one function goes ROUNDS times from 0 to 10 and to 0 again (window 6s, target 1). Then
# FUNCTIONS functions idle to zero, and WOKEN of them get a call at the same time. Shown are failed
# calls and the p95 of the woken ones. Ends with 1 if a call failed or the p95 is above 2 s.
# Needs Go. Listens on 127.0.0.1 at free ports.
. "$(dirname "$0")/common.sh"

rounds=${1:-10}
functions=${2:-500}
woken=${3:-50}
needs go

go_program sleeper
go build -o "$work/wave" "$root/benchmarks/load/main.go"
go_function demo sleeper '    annotations:
      autoscaling.knative.dev/target: "1"
      autoscaling.knative.dev/max-scale: "10"
      autoscaling.knative.dev/window: 6s
      autoscaling.knative.dev/scale-to-zero-grace-period: 1s' | stack_file >"$work/stack.yml"
serve data --with "$work/stack.yml"
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

machine
bad=0
for ((round = 1; round <= rounds; round++)); do
  until_zero
  line=$("$work/wave" -c 12 -d 8s -replicas 10 "$url/function/demo")
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
line=$("$work/wave" -once "${urls[@]}")
echo "$woken of $functions woken: $line"
set -- $line
[ "$4" = 0 ] || bad=1
awk -v p="$8" 'BEGIN { exit !(p <= 2000) }' || bad=1
exit $bad
