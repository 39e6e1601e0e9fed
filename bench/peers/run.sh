#!/bin/bash
# darkscan and peers on the same inputs, interleaved: bash bench/peers/run.sh [VENV]
# VENV: a Python environment with requirements.txt, made there if it is not; default a temporary one.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=${1:-}
if [ -z "$venv" ]; then
  venv=$(mktemp -d)/venv
  trap 'rm -rf "$(dirname "$venv")"' EXIT
fi
[ -x "$venv/bin/python" ] || { python3 -m venv "$venv" && "$venv/bin/pip" -q install -r bench/peers/requirements.txt; }
"$venv/bin/python" bench/peers/compare.py
