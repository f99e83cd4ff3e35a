#!/usr/bin/env bash
# The body is standard input, what is printed is the answer.
set -euo pipefail

body=$(cat)
echo "Hello from bash. You said: ${body}"
