#!/usr/bin/env bash
# How long a start takes: the platform, a verb of the command line, a function at zero.
#
#   benchmarks/start.sh [RUNS]        default: 9 of each, in turns
#
# Prints median (least..most) of
#   serve    exec of ./barista serve → its ready line, in ms; its CPU until then; its RSS 10 s later
#   verbs    exec of ./barista list and ./barista invoke → exit, in ms, a warm gateway answering
#   cold     a call of a python3-http function at zero → first byte, in ms, beside what the
#            interpreter alone needs from exec to its answer
# Needs a JDK 25, curl and python3; with BARISTA_JAVA_OPTS other flags can be compared.
. "$(dirname "$0")/common.sh"

runs=${1:-9}
export HOME=$work BARISTA_DATA=$work/data

now() { date +%s%N; }
ms() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f\n", (b - a) / 1e6 }'; }
summary() { sort -g "$1" | awk '{ v[NR] = $1 } END { printf "%s (%s..%s)", v[int((NR + 1) / 2)], v[1], v[NR] }'; }
cpu_ms() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print ($12 + $13) * 10 }'; }

# Starts serve and waits for its ready line; sets server, url and start_ms.
start() {
  local begin line
  rm -f "$work/out"
  mkfifo "$work/out"
  begin=$(now)
  "$root/barista" serve --port 0 --metrics-port 0 >"$work/out" 2>&1 &
  server=$!
  pids=("$server")
  exec 3<"$work/out"
  while IFS= read -r line <&3; do
    case $line in *"Barista ready on "*) break ;; esac
  done
  start_ms=$(ms "$begin" "$(now)")
  url=${line#*Barista ready on }
  url=${url%% *}
}
stop() {
  kill "$server"
  wait "$server" || true
  exec 3<&-
  pids=()
}

"$root/barista" version --short-version >/dev/null # builds and trains, if need be
echo "$(nproc) processors; $("$(sed 's/ ".*//' "$root/server/target/barista/aot/for")/bin/java" -version 2>&1 | sed -n 2p); $(date -u +%F); load $(cut -d' ' -f1 /proc/loadavg)"

start; stop # what is made once, in a new folder, is not measured
for run in $(seq "$runs"); do
  start
  echo "$start_ms" >>"$work/serve"
  cpu_ms "$server" >>"$work/cpu"
  if [ "$run" -le 3 ]; then # it varies little, and the wait is long
    sleep 10
    awk '/VmRSS/ { printf "%.1f\n", $2 / 1024 }' "/proc/$server/status" >>"$work/rss"
  fi
  stop
done
echo "serve: ready after $(summary "$work/serve") ms, CPU $(summary "$work/cpu") ms; $(summary "$work/rss") MiB resident 10 s later"

start
"$root/barista" deploy --image functions/alpine:latest --name cat --fprocess cat >/dev/null
until [ "$(echo x | "$root/barista" invoke cat)" = x ]; do sleep 0.2; done
for _ in $(seq "$runs"); do
  for verb in list invoke; do
    arguments=$verb
    [ $verb = list ] || arguments="invoke cat"
    begin=$(now)
    # shellcheck disable=SC2086
    echo x | "$root/barista" $arguments >/dev/null
    ms "$begin" "$(now)" >>"$work/$verb"
  done
done
echo "list: $(summary "$work/list") ms; invoke: $(summary "$work/invoke") ms"

# The function at zero, and in turns the interpreter with the same server, without platform.
mkdir "$work/project"
(
  cd "$work/project"
  "$root/barista" new cold --lang python3-http >/dev/null
  "$root/barista" up -f cold.yml --quiet >/dev/null
)
until [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/function/cold")" = 200 ]; do sleep 0.2; done
scale() {
  curl -s -o /dev/null -u "admin:$(cat "$work/data/secrets/basic-auth-password")" -H 'Content-Type: application/json' \
    -d "{\"serviceName\":\"cold\",\"replicas\":$1}" "$url/system/scale-function/cold"
}
available() {
  curl -s -u "admin:$(cat "$work/data/secrets/basic-auth-password")" "$url/system/function/cold" |
    grep -c '"availableReplicas"' || true
}
image=$(find "$work/data" -name index.py 2>/dev/null | head -n 1 | xargs -r dirname)
cat >"$work/alone.py" <<'PYTHON'
import os, socket, sys, time
path, folder = sys.argv[1], sys.argv[2]
os.chdir(folder)
quiet = os.open(os.devnull, os.O_WRONLY)
begin = time.monotonic()
child = os.posix_spawnp("python3", ["python3", "-S", "index.py"], {**os.environ, "BARISTA_SOCKET": path},
                        file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)])
while True:
    try:
        with socket.socket(socket.AF_UNIX) as call:
            call.connect(path)
            call.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = call.recv(100)
            if not answer.startswith(b"HTTP/1.1 200"):
                sys.exit("the function alone answered " + repr(answer))
            break
    except OSError:
        time.sleep(0.0005)
print(round((time.monotonic() - begin) * 1000, 1))
os.kill(child, 9)
os.waitpid(child, 0)
PYTHON
alone() {
  rm -f "$work/alone.sock"
  python3 "$work/alone.py" "$work/alone.sock" "$image" >>"$work/alone"
}
for _ in $(seq "$runs"); do
  scale 0
  until [ "$(available)" = 0 ]; do sleep 0.1; done
  sleep 0.3
  curl -s -o /dev/null -w '%{time_starttransfer}\n' "$url/function/cold" | awk '{ print $1 * 1000 }' >>"$work/cold"
  [ -z "$image" ] || alone
done
echo "cold start of python3-http: $(summary "$work/cold") ms to the first byte; interpreter alone: $([ -s "$work/alone" ] && summary "$work/alone" || echo unknown) ms"
stop
