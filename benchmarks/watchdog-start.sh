#!/usr/bin/env bash
# How soon a watchdog is ready, and how large it is then: exec → /_/health answers 200, and VmRSS.
#
#   benchmarks/watchdog-start.sh [RUNS]        default: 15, for classic, streaming, serializing, http
#
# Started as the process provider starts its replicas: java with the watchdog's flags, class path
# and ahead-of-time cache, without the launcher.
# Shown are median, best and worst; the page cache is warm.
. "$(dirname "$0")/common.sh"

runs=${1:-15}
args=$root/server/target/barista/aot/watchdog.args
"$root/barista" version --short-version >/dev/null # builds, and makes the cache, if need be
jdk=$(sed 's/ ".*//' "${args%/*}/for") # the one that the cache is for, whoever built the rest
# The launcher leaves C2 to a watchdog that stands alone; a replica has C1 only.
{ echo '"-XX:TieredStopAtLevel=1"'; cat "$args"; } >"$work/args"

cat >"$work/ready.py" <<'PY'
"""Starts the watchdog, waits for its health over its socket, prints milliseconds and kilobytes."""
import os, socket, subprocess, sys, time

java, args, mode, tmp = sys.argv[1:]
environment = {"PATH": os.environ["PATH"], "TMPDIR": tmp, "BARISTA_SOCKET": tmp + "/s",
               "fprocess": "cat", "mode": mode, "upstream_url": "http://127.0.0.1:1"}
command = [java, "@" + args] + (["--classic"] if mode == "classic" else [])
start = time.perf_counter()
process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
while True:
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(tmp + "/s")
            s.sendall(b"GET /_/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if s.recv(100).startswith(b"HTTP/1.1 200"):
                break
    except OSError:
        pass
    time.sleep(0.001)
millis = (time.perf_counter() - start) * 1000
status = open("/proc/%d/status" % process.pid).read()
print("%.0f %s" % (millis, status.split("VmRSS:")[1].split()[0]))
process.kill()
process.wait()
PY

machine
for mode in classic streaming serializing http; do
  : >"$work/runs"
  for ((i = 0; i <= runs; i++)); do
    tmp=$(mktemp -d "$work/t.XXXX")
    python3 "$work/ready.py" "$jdk/bin/java" "$work/args" "$mode" "$tmp" >>"$work/runs"
  done
  sed -i 1d "$work/runs" # the first one fills the page cache
  for column in 1 2; do
    sort -g -k$column,$column "$work/runs" | awk -v c=$column '{ v[NR] = $c }
      END { printf "%s %s (%s..%s)  ", v[int((NR + 1) / 2)], c == 1 ? "ms" : "kB", v[1], v[NR] }'
  done
  echo "$mode"
done
