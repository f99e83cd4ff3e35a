# shellcheck shell=bash
# What the benchmarks share; they source it first. A folder that goes, and processes that end, with
# the script; servers at free ports of 127.0.0.1; samples and their summaries.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
export PATH=$PATH:/usr/sbin:/usr/local/go/bin CGO_ENABLED=0
pids=()

finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

needs() { # programs
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "needs $tool on the PATH" >&2; exit 1; }
  done
}

# ---- servers ------------------------------------------------------------------------------------

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

await() { # seconds, command...
  local left=$(($1 * 10)); shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "gave up waiting for: $*" >&2; return 1; }
    sleep 0.1
  done
}

go_program() { # name of a folder here → $work/NAME/NAME
  mkdir -p "$work/$1"
  go build -o "$work/$1/$1" "$root/benchmarks/$1/main.go"
}

# One function of a stack file on the output: a Go program as a server of mode http.
go_function() { # function, program, further lines of its entry
  cat <<STACK
  $1:
    lang: dockerfile
    handler: ./$2
    image: $2:latest
    fprocess: ./$2
    environment: { mode: http }
${3:-}
STACK
}

stack_file() { # functions on the input
  printf 'version: 1.0\nprovider:\n  name: openfaas\nfunctions:\n'
  cat
}

# Starts the platform; what is measured is the real "./barista serve".
serve() { # name, further arguments → sets server, url and password; data is in $work/NAME
  local name=$1 i; shift
  : >"$work/$name.log"
  "$root/barista" serve --port 0 --metrics-port "${METRICS_PORT:-0}" --data "$work/$name" "$@" \
    >"$work/$name.log" 2>&1 &
  server=$!
  pids+=("$server")
  for ((i = 0; i < 3000; i++)); do
    ! grep -q '^Barista ready' "$work/$name.log" || break
    kill -0 "$server" 2>/dev/null || { cat "$work/$name.log" >&2; exit 1; }
    sleep 0.1
  done
  url=$(sed -n 's/^Barista ready on \(http[^ ]*\) .*/\1/p' "$work/$name.log")
  password=$(cat "$work/$name/secrets/basic-auth-password")
}

api() { curl -sf -u "admin:$password" "$@"; }

replica_port() { # program → the port of the server's replica that runs it
  local candidate pid
  for candidate in $(pgrep -x "$1"); do
    pid=$candidate
    while [ "$pid" -gt 1 ] && [ "$pid" != "$server" ]; do
      pid=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status") || break
    done
    [ "$pid" != "$server" ] || tr '\0' '\n' <"/proc/$candidate/environ" | sed -n 's/^PORT=//p'
  done
}

start_nginx() { # what stands in "http" on the input → sets nginx
  mkdir -p "$work/tmp"
  {
    cat <<CONF
worker_processes $(nproc);
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 1024; }
http {
  access_log off; client_max_body_size 0;
  client_body_temp_path $work/tmp; proxy_temp_path $work/tmp; fastcgi_temp_path $work/tmp;
  uwsgi_temp_path $work/tmp; scgi_temp_path $work/tmp;
CONF
    cat
    echo '}'
  } >"$work/nginx.conf"
  nginx -e "$work/nginx.log" -c "$work/nginx.conf" &
  nginx=$!
  pids+=("$nginx")
}

# ---- samples ------------------------------------------------------------------------------------

machine() {
  echo "$(date -u +%F) $(nproc) processors, $(uname -sr), load before: $(cut -d' ' -f1-3 /proc/loadavg)"
}

post_script() { # → a script for wrk that sends four bytes
  printf 'wrk.method = "POST"\nwrk.body = "ping"\nwrk.headers["Content-Type"] = "text/plain"\n' \
    >"$work/post.lua"
  echo "$work/post.lua"
}

cpu_ticks() { # of a process and its children
  local sum=0 pid
  for pid in "$1" $(cat "/proc/$1/task/$1/children"); do
    sum=$((sum + $(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }')))
  done
  echo "$sum"
}

heap_kib() { # of a JVM, used after a collection
  local jcmd
  jcmd=$(dirname "$(readlink "/proc/$1/exe")")/jcmd
  "$jcmd" "$1" GC.run >/dev/null
  "$jcmd" "$1" GC.heap_info | grep -oE 'used [0-9]+K' | head -2 | awk '{ sum += $2 } END { print sum }'
}
resident_kib() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"; }

median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
spread() { sort -g | awk '{ v[NR] = $1 } END { printf "%.2f (%.2f..%.2f)", v[int((NR + 1) / 2)], v[1], v[NR] }'; }
