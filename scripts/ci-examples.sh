#!/bin/bash
# All examples on both backends, compared: counts and toys equal, limits within 1e-4, Z within 1e-3. Needs a WebGPU adapter (a
# software one will do) and the data of the examples on DARKSCAN_DATA. Part of .ci/run.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/ci-lib.sh
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

darkscan() { node bin/darkscan.mjs "$@"; }

# Numbers of a run, by an expression over `run` (run.json) and `summary` (summary.json).
holds() {
  node -e "
    const read = (name) => JSON.parse(require('node:fs').readFileSync('$1/' + name, 'utf8'));
    const [run, summary] = [read('run.json'), read('summary.json')];
    const value = $2;
    console.log(JSON.stringify(value), run.recheck, run.warnings, run.timingsMs);
    process.exit(value === true ? 0 : 1);"
}

whole_run() {
  for file in run.json summary.json windows.parquet card.yaml plots/event-plane.svg plots/map-z.svg plots/map-z.png; do
    [ -s "$1/$file" ] || { echo "$1/$file is missing or empty"; return 1; }
  done
}

for example in dark-higgsstrahlung delphi-recoil; do
  card=examples/$example/card.yaml
  check "$example: card and data" darkscan validate "$card"
  for backend in cpu webgpu; do
    check "$example on $backend" darkscan scan "$card" --backend $backend --out "$out/$example-$backend"
    check "$example on $backend: all files" whole_run "$out/$example-$backend"
  done
  check "$example: the GPU run is one" holds "$out/$example-webgpu" "run.backend.kind === 'webgpu'"
  check "$example: cpu and webgpu agree" darkscan compare "$out/$example-cpu" "$out/$example-webgpu"
  check "$example: at most 1 % of the windows needed f64" holds "$out/$example-webgpu" \
    'run.recheck.nNeeded <= 0.01 * summary.nWindows'
  check "$example: what was recomputed agrees" holds "$out/$example-webgpu" \
    'run.recheck.nChecked >= 20 && run.recheck.maxDeltaZ <= 1e-3 && run.recheck.maxRelLimit <= 1e-4'
done
check 'about 9000 windows' holds "$out/dark-higgsstrahlung-cpu" 'summary.nWindows > 8000 && summary.nWindows < 10000'
check 'all selected DELPHI pairs are used' holds "$out/delphi-recoil-cpu" 'run.rows.used > 3500 && run.rows.used < 4100'
# one window, Z published as 1.5039
card=examples/upsilon-counting/card.yaml
for backend in cpu webgpu; do
  check "upsilon-counting on $backend" darkscan scan "$card" --backend $backend --out "$out/upsilon-$backend"
  check "upsilon-counting on $backend: Z as published" holds "$out/upsilon-$backend" \
    'Math.abs(summary.best[0].z - 1.5039) < 5e-5 && summary.best[0].n === 1692'
done
check "upsilon-counting: cpu and webgpu agree" darkscan compare "$out/upsilon-cpu" "$out/upsilon-webgpu"
# toys with side bands: integers decide, so the results are the same file
for backend in cpu webgpu; do
  check "delphi-recoil: toys on $backend" darkscan toys examples/delphi-recoil/card.yaml --n 200 --no-plots \
    --backend $backend --out "$out/toys-$backend"
done
check "delphi-recoil: toys of cpu and webgpu are the same" cmp "$out/toys-cpu/toys.json" "$out/toys-webgpu/toys.json"
# fits in sliding ranges: the 500 masses of the ALP-like search, and the 2015 diphoton spectrum
whole_fits() {
  for file in run.json summary.json hypotheses.parquet card.yaml plots/p0.svg plots/spectrum-1.png plots/pull.svg; do
    [ -s "$1/$file" ] || { echo "$1/$file is missing or empty"; return 1; }
  done
}
for example in alp-diphoton diphoton-2015; do
  card=examples/$example/card.yaml
  check "$example: card and data" darkscan validate "$card"
  check "$example" darkscan scan "$card" --out "$out/$example"
  check "$example: all files" whole_fits "$out/$example"
  check "$example: every fit has an end" holds "$out/$example" \
    "Object.keys(summary.status).every((s) => ['ok', 'boundary', 'no-limit'].includes(s))"
done
check 'about 500 masses' holds "$out/alp-diphoton" 'summary.nHypotheses > 480 && summary.nHypotheses < 520'
check '750 GeV: local Z of 3.3 to 3.7 near 740 GeV' holds "$out/diphoton-2015" \
  'Math.abs(summary.best[0].mass - 740) < 15 && summary.best[0].z > 3.3 && summary.best[0].z < 3.7'
# what decides is fitted in f64 on the CPU whatever throws the toys
for backend in cpu webgpu; do
  check "alp-diphoton: toys on $backend" darkscan toys examples/alp-diphoton/card.yaml --n 60 --no-plots \
    --backend $backend --out "$out/fits-$backend"
done
same_exceedances() {
  node -e "
    const [a, b] = ['cpu', 'webgpu'].map((backend) => JSON.parse(require('node:fs').readFileSync('$out/fits-' + backend + '/toys.json', 'utf8')));
    console.log(a.n_exceedances, b.n_exceedances, a.identity === b.identity);
    process.exit(a.n_exceedances === b.n_exceedances && a.identity === b.identity ? 0 : 1);"
}
check 'alp-diphoton: as many toys of cpu and webgpu reach the data' same_exceedances
check 'alp-diphoton: bias and pull' darkscan bias examples/alp-diphoton/card.yaml --n 50 --hypotheses 100,450 \
  --no-plots --backend cpu --out "$out/bias"
[ "${1:-}" = part ] || total
