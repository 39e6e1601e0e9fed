#!/bin/bash
# One vitest suite, its tests counted: bash scripts/ci-vitest.sh NAME COMMAND... where the command takes reporter options
# (npm test --, npx vitest run tests/parity). Part of .ci/run.
set -euo pipefail
source "$(dirname "$0")/ci-lib.sh"
name=$1
shift
report=$(mktemp)
started=$SECONDS
status=0
timeout 2400 "$@" --reporter=default --reporter=json --outputFile.json="$report" </dev/null || status=$?
node - "$report" "$status" "$name" >>"$DARKSCAN_TALLY" <<'JS'
const [file, status, name] = process.argv.slice(2);
let counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
try {
  counts = JSON.parse(require('node:fs').readFileSync(file, 'utf8'));
} catch {
  // no report: counted as one failure below
}
const skipped = counts.numPendingTests + counts.numTodoTests;
// a test file that cannot be loaded, or an error outside of tests, fails the run without a failed test
const failed = Math.max(counts.numFailedTests, status === '0' ? 0 : 1, counts.numPassedTests === 0 ? 1 : 0);
console.log(counts.numPassedTests, failed, skipped, name);
JS
rm -f "$report"
echo "$name: $(tail -n 1 "$DARKSCAN_TALLY" | awk '{ print $1 " passed, " $2 " failed, " $3 " skipped" }') ($((SECONDS - started)) s)"
