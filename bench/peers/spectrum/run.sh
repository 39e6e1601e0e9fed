#!/bin/bash
# Fits of toys by darkscan and peers in turn: bash bench/peers/spectrum/run.sh [VENV] [options of bench/spectrum-fits.bench.ts]
# VENV: a Python environment with ../requirements.txt, made there if it is not; default a temporary one.
set -euo pipefail
cd "$(dirname "$0")/../../.."
venv=''
case "${1:-}" in '' | -*) ;; *) venv=$1 && shift ;; esac
if [ -z "$venv" ]; then
  venv=$(mktemp -d)/venv
  trap 'rm -rf "$(dirname "$venv")"' EXIT
fi
[ -x "$venv/bin/python" ] || { python3 -m venv "$venv" && "$venv/bin/pip" -q install -r bench/peers/requirements.txt; }
node --import tsx --import ./scripts/wgsl-register.mjs bench/spectrum-fits.bench.ts --python "$venv/bin/python" "$@"
