#!/usr/bin/env bash
# The classic watchdog (fprocess=cat) beside a Go one: calls a second, and processor time per call.
#
#   benchmarks/classic-watchdog.sh [PAIRS [SECONDS]]     default: 9 pairs of 4 s, at c=2 and c=10
#   benchmarks/classic-watchdog.sh --leaks [CALLS]       default: 100000 calls; descriptors and zombies after them
#
# Needs wrk and a built distribution (./mvnw -Pfast -q package -pl server -am), or WATCHDOG_CLASS_PATH.
# The peer is fwatchdog or classic-watchdog if one is on the PATH; else the least that Go can do
# (classic-peer/), if there is a Go to build it. Runs alternate, so that a busy moment hits both.
. "$(dirname "$0")/common.sh"

needs wrk
java=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}
lib=$root/server/target/barista/lib
class_path=${WATCHDOG_CLASS_PATH:-$(ls "$lib"/barista-{watchdog,http,spawn,concurrency}-*.jar "$lib"/netty-*.jar "$lib"/jspecify-*.jar | paste -sd:)}
main=dev.barista.watchdog.WatchdogMain
flags=$("$java" -cp "$class_path" $main --java-flags)

await_port() { await 20 curl -s "http://127.0.0.1:$1/_/health"; }

start_ours() {
  # shellcheck disable=SC2086
  TMPDIR=$work BARISTA_METRICS_PORT=off "$java" -XX:AOTCacheOutput="$work/aot" $flags -cp "$class_path" $main --training-run >/dev/null 2>&1
  ours_port=$(free_port)
  # shellcheck disable=SC2086
  TMPDIR=$work BARISTA_METRICS_PORT=off healthcheck_interval=0 port=$ours_port fprocess=cat \
    "$java" -XX:AOTCache="$work/aot" $flags -cp "$class_path" $main --classic 2>/dev/null &
  ours=$!; pids+=("$ours"); await_port "$ours_port"
}
start_peer() {
  local program
  program=$(command -v fwatchdog || command -v classic-watchdog || true)
  peer_name=$(basename "${program:-}")
  if [ -z "$program" ]; then
    command -v go >/dev/null || { echo "no peer: neither fwatchdog, classic-watchdog nor go is on the PATH"; exit 0; }
    program=$work/peer; peer_name="least Go server ($(go env GOVERSION))"
    (cd "$root/benchmarks/classic-peer" && GO111MODULE=off go build -o "$program" main.go)
  fi
  peer_port=$(free_port)
  TMPDIR=$work port=$peer_port fprocess=cat "$program" 2>/dev/null >&2 &
  peer=$!; pids+=("$peer"); await_port "$peer_port"
}

# ticks of the process, and of it with its reaped children
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{print $12 + $13, $12 + $13 + $14 + $15}'; }

post=$(post_script)

# connections seconds port pid → calls/s, own µs per call, µs per call with children
measure() {
  local before after
  before=$(ticks "$4")
  wrk -t1 -c"$1" -d"$2"s -s "$post" "http://127.0.0.1:$3/" >"$work/wrk"
  after=$(ticks "$4")
  awk -v b="$before" -v a="$after" '
    /requests in/ { calls = $1 } /Requests\/sec/ { rate = $2 } /Non-2xx/ { bad = $0 }
    END { if (bad) { print bad > "/dev/stderr"; exit 1 }
          split(b, x); split(a, y)
          printf "%s %.0f %.0f\n", rate, (y[1] - x[1]) * 1e4 / calls, (y[2] - x[2]) * 1e4 / calls }' "$work/wrk"
}
range() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)], v[1], v[NR] }'; }

if [ "${1:-}" = --leaks ]; then
  calls=${2:-100000}
  start_ours
  wrk -t1 -c10 -d2s -s "$post" "http://127.0.0.1:$ours_port/" >/dev/null; sleep 1
  echo "before: $(ls "/proc/$ours/fd" | wc -l) descriptors, $(grep VmRSS "/proc/$ours/status" | awk '{print $2}') kB"
  done_calls=0
  while [ "$done_calls" -lt "$calls" ]; do
    wrk -t1 -c10 -d10s -s "$post" "http://127.0.0.1:$ours_port/" >"$work/wrk"
    done_calls=$((done_calls + $(awk '/requests in/ { print $1 }' "$work/wrk")))
  done
  sleep 1
  zombies=$(cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' | awk -v p="$ours" '$1 == "Z" && $2 == p' | wc -l)
  echo "after $done_calls calls: $(ls "/proc/$ours/fd" | wc -l) descriptors, $zombies zombies, $(grep VmRSS "/proc/$ours/status" | awk '{print $2}') kB"
  exit 0
fi

pairs=${1:-9}; seconds=${2:-4}
start_ours; start_peer
echo "peer: $peer_name; $(nproc) processors; $(date -u +%F)"
for c in 2 10; do
  measure $c "$seconds" "$ours_port" "$ours" >/dev/null; measure $c "$seconds" "$peer_port" "$peer" >/dev/null
  : >"$work/pairs"
  for _ in $(seq "$pairs"); do
    echo "$(measure $c "$seconds" "$ours_port" "$ours") $(measure $c "$seconds" "$peer_port" "$peer")" >>"$work/pairs"
  done
  read -r ratio low high < <(awk '{ print $1 / $4 }' "$work/pairs" | range)
  printf 'c=%s: %s calls/s, peer %s; ratio %.2f (%.2f..%.2f); own µs/call %s, peer %s; with children %s, peer %s\n' $c \
    "$(awk '{print $1}' "$work/pairs" | range | cut -d' ' -f1)" "$(awk '{print $4}' "$work/pairs" | range | cut -d' ' -f1)" \
    "$ratio" "$low" "$high" \
    "$(awk '{print $2}' "$work/pairs" | range | cut -d' ' -f1)" "$(awk '{print $5}' "$work/pairs" | range | cut -d' ' -f1)" \
    "$(awk '{print $3}' "$work/pairs" | range | cut -d' ' -f1)" "$(awk '{print $6}' "$work/pairs" | range | cut -d' ' -f1)"
done
