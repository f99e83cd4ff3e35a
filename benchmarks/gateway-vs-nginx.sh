#!/usr/bin/env bash
# What the gateway costs beside nginx: the same Go echo function behind both, in alternating pairs.
#
#   benchmarks/gateway-vs-nginx.sh [PAIRS] [SECONDS]        default: 9 pairs of 4 s per concurrency
#
# The gateway is the real "./barista serve" with all features on; nginx passes to the very same
# replica of the process provider, sets the same headers and keeps its connections too. The
# primary figure is the proxy's CPU time per call (utime + stime of /proc/PID/stat), because calls
# per second on a machine that also runs load and function say more about the machine. Each pair
# gives a ratio; shown are the median of the ratios and their quartiles. Needs nginx, wrk and Go.
# Everything listens on 127.0.0.1 at free ports and ends with the script.
. "$(dirname "$0")/common.sh"

pairs=${1:-9}
seconds=${2:-4}
warmup=${WARMUP:-30}
needs nginx wrk go

# ---- the function behind the gateway ------------------------------------------------------------

go_program echo
# nginx passes to one replica, so the gateway must too
go_function echo echo '    labels: { com.openfaas.scale.max: "1" }' | stack_file >"$work/stack.yml"
serve data --with "$work/stack.yml"
await 300 curl -sf -d x "$url/function/echo"
bare=$(replica_port echo) # so that everyone measured calls the very same process
curl -sf -d x "http://127.0.0.1:$bare/" >/dev/null

# ---- the same function behind nginx -------------------------------------------------------------

proxy=$(free_port)
start_nginx <<CONF
  upstream function { server 127.0.0.1:$bare; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:$proxy;
    keepalive_requests 1000000000;
    location /function/echo {
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Call-Id \$request_id;
      proxy_set_header X-Start-Time \$msec;
      proxy_set_header X-Forwarded-Host \$http_host;
      proxy_set_header X-Forwarded-For \$remote_addr:\$remote_port;
      add_header X-Call-Id \$request_id;
      add_header X-Start-Time \$msec;
      proxy_pass http://function/;
    }
  }
CONF
await 10 curl -sf -d x "http://127.0.0.1:$proxy/function/echo"

# ---- measuring ----------------------------------------------------------------------------------

post=$(post_script)

sample() { # pid, url, connections -> calls/s, CPU µs per call, p50 and p99 as wrk shows them
  local before after out threads=2
  [ "$3" -ge 2 ] || threads=1
  [ "$1" = none ] || before=$(cpu_ticks "$1")
  out=$(wrk -t"$threads" -c"$3" -d"${seconds}s" --latency -s "$post" "$2")
  if grep -qE 'Non-2xx|Socket errors' <<<"$out"; then echo "$out" >&2; return 1; fi
  after=${before:-0}
  [ "$1" = none ] || after=$(cpu_ticks "$1")
  awk -v ticks=$((after - ${before:-0})) -v hz="$(getconf CLK_TCK)" '
    /requests in/ { calls = $1 } /Requests\/sec/ { rate = $2 } /50%/ { p50 = $2 } /99%/ { p99 = $2 }
    END { printf "%d %.1f %s %s\n", rate, ticks * 1e6 / hz / calls, p50, p99 }' <<<"$out"
}

quartiles() { # of the numbers on the input
  sort -g | awk '{ v[NR] = $1 } END {
    printf "%.2f (%.2f-%.2f)\n", v[int((NR + 1) / 2)], v[int((NR + 3) / 4)], v[int((3 * NR + 3) / 4)] }'
}

report() { # file of pairs: calls/s, CPU, p50, p99 of the gateway and the same of nginx
  echo "  calls/s, gateway ÷ nginx     $(awk '{ print $1 / $5 }' "$1" | quartiles)"
  echo "  CPU per call, gateway ÷ nginx $(awk '{ print $2 / $6 }' "$1" | quartiles)"
  echo "  CPU per call, gateway, µs    $(awk '{ print $2 }' "$1" | quartiles)"
  echo "  CPU per call, nginx, µs      $(awk '{ print $6 }' "$1" | quartiles)"
  echo "  calls/s, gateway             $(awk '{ print $1 }' "$1" | quartiles)"
  echo "  calls/s, gateway ÷ bare      $(awk '{ print $1 / $9 }' "$1" | quartiles)"
}

machine
wrk -t2 -c50 -d"${warmup}s" -s "$post" "$url/function/echo" >/dev/null
for connections in 50 1; do
  : >"$work/pairs"
  for ((pair = 0; pair < pairs; pair++)); do
    if ((pair % 2)); then
      peer=$(sample "$nginx" "http://127.0.0.1:$proxy/function/echo" "$connections")
      ours=$(sample "$server" "$url/function/echo" "$connections")
    else
      ours=$(sample "$server" "$url/function/echo" "$connections")
      peer=$(sample "$nginx" "http://127.0.0.1:$proxy/function/echo" "$connections")
    fi
    direct=$(sample none "http://127.0.0.1:$bare/" "$connections")
    echo "$ours $peer $direct" >>"$work/pairs"
  done
  echo "c=$connections, $pairs pairs of ${seconds} s: median (quartiles)"
  report "$work/pairs"
  echo "  each pair (gateway: calls/s, CPU µs, p50, p99 | nginx: the same):"
  awk '{ print "    " $1, $2, $3, $4, "|", $5, $6, $7, $8 }' "$work/pairs"
done
