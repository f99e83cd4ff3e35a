#!/usr/bin/env bash
# What the scaling loop itself costs: microseconds for a decision on a function that has calls, and
# the share of a core that ten thousand idle functions take.
#
#   benchmarks/scaling-cost.sh
#
# Aims: at most 20 us a decision, at most 1 % of a core. Needs a built distribution (./barista version).
. "$(dirname "$0")/common.sh"
lib=$root/server/target/barista/lib
[ -d "$lib" ] || { echo "no $lib: run ./barista version first" >&2; exit 1; }
for home in "${JAVA_HOME:-}" $(sed 's/ .*//' "$root/server/target/barista/aot/for" 2>/dev/null); do
  [ ! -x "$home/bin/java" ] || java=$home/bin/java
done
machine
"$java" -XX:+UseSerialGC -cp "$lib/*" "$root/benchmarks/ScalingCost.java"
