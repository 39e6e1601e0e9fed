#!/bin/bash
# Ours and the peers on the same inputs, one after the other, three rounds: bash bench/peers/run.sh [VENV]
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=${1:-$(mktemp -d)/venv}
[ -x "$venv/bin/python" ] || { python3 -m venv "$venv" && "$venv/bin/pip" -q install -r bench/peers/requirements.txt; }
ours=$(mktemp)
for _ in 1 2 3; do
  node --import tsx --import ./scripts/wgsl-register.mjs bench/peers/darkscan-limits.ts 9000 >"$ours"
  "$venv/bin/python" bench/peers/peers.py "$ours"
done
rm -f "$ours"
