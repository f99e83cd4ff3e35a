#!/usr/bin/env bash
# What functions at zero cost: a gateway with one busy function beside one that has thousands more.
#
#   benchmarks/many-functions.sh [FUNCTIONS] [PAIRS] [SECONDS]      default: 5000, 5 pairs of 4 s
#
# Two real "./barista serve", the same busy function on each. The functions at zero are deployed
# with more CPU than the node has, so that no process is started for them, and scaled to 0. Shown
# are calls/s and CPU per call as ratios of alternating pairs, the time of a list (median of 9), and
# what a function takes of heap (after a collection) and of resident memory. Ends with 1 if the busy
# function is more than 10 % dearer, a list takes more than 300 ms or a function more than 20 KiB.
# Needs wrk, python3 and Go. Listens on 127.0.0.1 at free ports.
. "$(dirname "$0")/common.sh"

functions=${1:-5000}
pairs=${2:-5}
seconds=${3:-4}
needs wrk python3 go

go_program echo
go_function busy echo | stack_file >"$work/stack.yml"

for name in one many; do
  serve "$name" --alerts off --node-cpu 500 --with "$work/stack.yml"
  declare "pid_$name=$server" "url_$name=$url"
done
heap_before=$(heap_kib "$pid_many") resident_before=$(resident_kib "$pid_many")

cat >"$work/deploy.py" <<'PY'
import base64, http.client, json, sys, threading, urllib.parse
url, data, count = urllib.parse.urlparse(sys.argv[1]), sys.argv[2], int(sys.argv[3])
password = open(data + "/secrets/basic-auth-password").read().strip()
auth = {"Authorization": "Basic " + base64.b64encode(b"admin:" + password.encode()).decode()}
def work(part):
    connection = http.client.HTTPConnection(url.hostname, url.port)
    def send(path, body):
        connection.request("POST", path, json.dumps(body), auth)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 202:
            sys.exit("%s: %d %s" % (path, answer.status, text))
    for i in range(part, count, 4):
        name = "idle-%05d" % i
        send("/system/functions", {"service": name, "image": "functions/alpine:latest",
             "envProcess": "cat", "requests": {"cpu": "1000m"}, "labels": {"team": "t%d" % (i % 10)}})
        send("/system/scale-function/" + name, {"serviceName": name, "replicas": 0})
threads = [threading.Thread(target=work, args=(part,)) for part in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
PY
python3 "$work/deploy.py" "$url_many" "$work/many" "$functions"
heap_after=$(heap_kib "$pid_many") resident_after=$(resident_kib "$pid_many")

api "$url_many/system/functions" -o "$work/list.json"
listed=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))))' "$work/list.json")
[ "$listed" -eq $((functions + 1)) ] || { echo "listed $listed functions" >&2; exit 1; }
list_ms=$(for i in 1 2 3 4 5 6 7 8 9; do
  api "$url_many/system/functions" -o /dev/null -w '%{time_total}\n'
done | sort -g | sed -n 5p | awk '{ printf "%d", $1 * 1000 }')

post=$(post_script)

sample() { # pid, url -> calls/s, CPU µs per call
  local before after out
  before=$(cpu_ticks "$1")
  out=$(wrk -t2 -c20 -d"${seconds}s" -s "$post" "$2/function/busy")
  if grep -qE 'Non-2xx|Socket errors' <<<"$out"; then echo "$out" >&2; return 1; fi
  after=$(cpu_ticks "$1")
  awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
    /requests in/ { calls = $1 } /Requests\/sec/ { rate = $2 }
    END { printf "%d %.1f\n", rate, ticks * 1e6 / hz / calls }' <<<"$out"
}

for warmed in "$url_one" "$url_many"; do
  wrk -t2 -c20 -d"${WARMUP:-10}s" -s "$post" "$warmed/function/busy" >/dev/null
done
for ((pair = 0; pair < pairs; pair++)); do
  if ((pair % 2)); then
    few=$(sample "$pid_one" "$url_one"); lots=$(sample "$pid_many" "$url_many")
  else
    lots=$(sample "$pid_many" "$url_many"); few=$(sample "$pid_one" "$url_one")
  fi
  echo "$few $lots"
done >"$work/pairs"

rate=$(awk '{ printf "%.3f\n", $3 / $1 }' "$work/pairs" | median)
cpu=$(awk '{ printf "%.3f\n", $4 / $2 }' "$work/pairs" | median)
heap=$(awk -v a="$heap_after" -v b="$heap_before" -v n="$functions" 'BEGIN { printf "%.2f", (a - b) / n }')
resident=$(awk -v a="$resident_after" -v b="$resident_before" -v n="$functions" 'BEGIN { printf "%.2f", (a - b) / n }')

echo "$(date -u +%F) $(nproc) processors, $functions functions at zero and one busy"
echo "  calls/s, with ÷ without them   $rate"
echo "  CPU per call, with ÷ without   $cpu"
echo "  list of all, ms                $list_ms"
echo "  heap a function, KiB           $heap"
echo "  resident a function, KiB       $resident"
awk '{ print "    pair:", $1, "calls/s", $2, "µs |", $3, "calls/s", $4, "µs" }' "$work/pairs"
awk -v cpu="$cpu" -v list="$list_ms" -v kib="$resident" \
  'BEGIN { exit !(cpu <= 1.10 && list <= 300 && kib <= 20) }'
