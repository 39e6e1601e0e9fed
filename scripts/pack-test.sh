#!/bin/bash
# The package as a user gets it: npm pack, installed in an empty folder where nothing of the repository is in reach; the
# example through npx, the library by its name, and both again without the optional dependency (CPU only).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/ci-lib.sh
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export npm_config_loglevel=error

# Built here: npm runs no prepack where ignore-scripts is set.
pack() { npm run build && npm pack --ignore-scripts --pack-destination "$work" && [ "$(stat -c %s "$work"/darkscan-*.tgz)" -lt 5000000 ]; }

# Nothing but what `files` names: no tests, no TypeScript, no shader files.
contents() {
  tar -tzf "$work"/darkscan-*.tgz | sort >"$work/contents"
  for wanted in bin/darkscan.mjs dist/index.js dist/index.d.ts dist/node/index.js schema/card.schema.json LICENSE NOTICE \
    CHANGELOG.md README.md assets/fonts/DejaVuSans.ttf examples/dark-higgsstrahlung/card.yaml dist/web/index.html; do
    grep -qx "package/$wanted" "$work/contents" || { echo "$wanted is missing"; return 1; }
  done
  # the one table: the window of the Upsilon example
  ! grep -v '^package/examples/upsilon-counting/window.csv$' "$work/contents" |
    grep -E '^package/(src|tests|scripts|bench|shaders|\.)|\.wgsl$|\.csv' &&
    ! grep -E '\.ts$' "$work/contents" | grep -v '\.d\.ts$'
}

# install FOLDER OPTIONS...: the tarball in an empty folder; tsx must not come with it.
install() {
  local folder=$1
  shift
  mkdir "$folder" && cd "$folder" && npm init -y >/dev/null && retry 3 npm install "$@" "$work"/darkscan-*.tgz
  [ ! -e node_modules/tsx ] && [ ! -e node_modules/typescript ]
}

example() {
  cd "$1" && npx --no-install darkscan scan --backend "$2" --out "run-$2" && [ -s "run-$2/windows.parquet" ] &&
    [ -s "run-$2/plots/map-z.png" ]
}

# The native part of resvg is an optional dependency too: no PNG then, said in one line, and the plots as SVG.
example_without_png() {
  cd "$1" && npx --no-install darkscan scan --out run-auto 2>said && [ -s run-auto/windows.parquet ] &&
    [ -s run-auto/plots/map-z.svg ] && [ ! -e run-auto/plots/map-z.png ] && [ "$(grep -c 'no PNG' said)" = 1 ] &&
    grep -q 'on .*CPU' said
}

# `npx darkscan serve` gives the page and every file that it names, with the headers; Ctrl-C ends it.
page() {
  cd "$1" && cat >serve.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
const command = ['--no-install', 'darkscan', 'serve', '--port', '0', '--quiet'];
const child = spawn('npx', command, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
const ended = once(child, 'close');
try {
  const [line] = await once(child.stdout, 'data');
  const url = String(line).trim();
  const get = async (name) => {
    const answer = await fetch(new URL(name, url));
    if (!answer.ok || !/'none'/.test(answer.headers.get('content-security-policy'))) throw new Error(`no ${name}`);
    return answer.text();
  };
  const files = [...(await get('./')).matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].map((found) => found[1]);
  console.log(url, ...files);
  if (files.length < 3) throw new Error('the page names too few files');
  await Promise.all(files.map(get));
} finally {
  process.kill(-child.pid, 'SIGINT');
}
const [code, signal] = await ended;
console.log('ended with', code, signal);
process.exit(code ?? (signal === 'SIGINT' ? 0 : 1));
JS
  node serve.mjs
}

library() {
  cd "$1" && cat >use.mjs <<'JS'
import * as d from 'darkscan';
import { dataFiles, nodePlatform } from 'darkscan/node';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const schema = require('darkscan/card.schema.json');
const text = `
schema: darkscan/card/1
name: line
scan: windows
data: { simulate: true }
x: { column: m }
windows: { resolution: { x: 0.1 }, half_axes: 2, step: 2, region: { x: [1, 3] } }
background: { components: [{ name: flat, density: 10, events: 40, support: { x: [0, 4] } }] }
signal: { poi: { name: S, unit: events }, efficiency: 0.5 }
statistics: { p0: marginal, limits: [{ method: bayes, credibility: 0.9, poi_max: 1000 }] }
`;
const { backend, reasons } = await d.chooseBackend({ backend: 'auto' }, nodePlatform);
const result = await d.scanWindows(d.parseCard(text, 'text'), { backend, files: dataFiles('.') });
await backend.close();
const limits = d.numbersOf(result.table, 'limit_obs');
// ten windows; no limit lies below that of no event, -ln(0.1)/0.5
const whole = limits.length === 10 && limits.every((limit) => limit >= Math.LN10 / 0.5 - 1e-9);
console.log(d.VERSION, reasons, [...limits], schema.$id);
if (!whole || d.VERSION !== require('darkscan/package.json').version) process.exit(1);
JS
  node use.mjs
}

# A strict TypeScript user, with the compiler of the repository.
types() {
  cd "$1" && cat >use.mts <<'TS'
import { chooseBackend, numbersOf, parseCard, scanWindows, type ScanResult } from 'darkscan';
import { dataFiles, nodePlatform } from 'darkscan/node';
const { backend } = await chooseBackend({ backend: 'auto' }, nodePlatform);
const result: ScanResult = await scanWindows(parseCard('', ''), { backend, files: dataFiles('.') });
export const first: number = numbersOf(result.table, 'z')[0];
// @ts-expect-error there is no such backend
await chooseBackend({ backend: 'fpga' }, nodePlatform);
TS
  "$root/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --module nodenext --target es2022 use.mts
}

check 'npm pack' pack
check 'contents of the package' contents
full=$work/full
check 'install in an empty folder' install "$full"
check 'example through npx, cpu' example "$full" cpu
check 'library by its name' library "$full"
check 'the page through npx darkscan serve' page "$full"
check 'types of the library' types "$full"
if [ -n "${VK_DRIVER_FILES:-}" ]; then
  check 'example through npx, webgpu' example "$full" webgpu
  check 'both agree' "$full/node_modules/.bin/darkscan" compare "$full/run-cpu" "$full/run-webgpu"
else
  skip 'example through npx, webgpu' 'VK_DRIVER_FILES names no driver'
fi
small=$work/small
check 'install without optional dependencies' install "$small" --omit=optional
check 'the package webgpu is absent' test ! -e "$small/node_modules/webgpu"
check 'example, no webgpu, auto takes the cpu' example_without_png "$small"
check 'library, no webgpu' library "$small"
check 'webgpu asked for by name is exit code 7' exits_with 7 env -C "$small" npx --no-install darkscan scan --backend webgpu --out none
cd "$root"
[ "${1:-}" = part ] || total
