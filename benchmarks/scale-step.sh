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
. "$(dirname "$0")/common.sh"

runs=${1:-3}
needs go

go_program sleeper
go build -o "$work/wave" "$root/benchmarks/load/main.go"
knative='      autoscaling.knative.dev/target: "1"
      autoscaling.knative.dev/min-scale: "1"
      autoscaling.knative.dev/max-scale: "80"'
{
  go_function quick sleeper "    annotations:
$knative
      autoscaling.knative.dev/window: 6s"
  go_function standard sleeper "    annotations:
$knative"
  go_function alert sleeper '    labels: { com.openfaas.scale.max: "20" }'
} | stack_file >"$work/stack.yml"
serve data --with "$work/stack.yml"

replicas() {
  api "$url/system/function/$1" | sed 's/.*"availableReplicas":\([0-9]*\).*/\1/'
}
settle() { # until the function has one replica again
  for ((i = 0; i < 300; i++)); do
    [ "$(replicas "$1")" != 1 ] || return 0
    sleep 0.5
  done
  echo "$1 did not come back to one replica" >&2
  exit 1
}

machine
bad=0
for ((run = 1; run <= runs; run++)); do
  for name in quick standard; do
    settle "$name"
    line=$("$work/wave" -c 50 -d 12s -replicas 45 "$url/function/$name")
    echo "$name: $line"
    set -- $line
    [ "$4" = 0 ] || bad=1
    [ "$name" != quick ] || awk -v s="${12}" 'BEGIN { exit !(s > 0 && s <= 3) }' || bad=1
  done
done
begin=$(date +%s%N)
"$work/wave" -c 10 -d 18s "$url/function/alert" >"$work/alert"
step=$(grep -m1 'function=alert' "$work/data.log" | cut -d' ' -f1) || {
  echo "the alert never took a step" >&2
  exit 1
}
echo "alert: $(cat "$work/alert" | cut -d' ' -f1-4); first step $(awk -v a="$begin" \
  -v b="$(date -d "$step" +%s%N)" 'BEGIN { printf "%.1f", (b - a) / 1e9 }') s after the load began"
exit $bad
