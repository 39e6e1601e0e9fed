# Sourced by .ci/run and by the scripts it runs: named checks with durations, all counted in one file.
# DARKSCAN_TALLY is that file, one line "passed failed skipped name" per check or test suite.

if [ -z "${DARKSCAN_TALLY:-}" ]; then
  DARKSCAN_TALLY=$(mktemp)
  export DARKSCAN_TALLY
fi

# check NAME COMMAND...: one check; what the command says is shown when it fails. Gives 0 either way.
check() {
  local name=$1 log started status=0
  shift
  log=$(mktemp)
  started=$SECONDS
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" = 0 ]; then
    echo "ok     $name ($((SECONDS - started)) s)"
    echo "1 0 0 $name" >>"$DARKSCAN_TALLY"
  else
    echo "FAILED $name ($((SECONDS - started)) s, exit code $status)"
    if [ "$(wc -l <"$log")" -gt 80 ]; then (head -n 20 "$log"; echo ...; tail -n 60 "$log"); else cat "$log"; fi | sed 's/^/       | /'
    echo "0 1 0 $name" >>"$DARKSCAN_TALLY"
  fi
  rm -f "$log"
}

# skip NAME REASON: a check that cannot be made here; counted.
skip() {
  echo "skip   $1: $2"
  echo "0 0 1 $1" >>"$DARKSCAN_TALLY"
}

# exits_with CODE COMMAND...: succeeds when the command ends with that exit code.
exits_with() {
  local expected=$1 status=0
  shift
  "$@" || status=$?
  [ "$status" = "$expected" ] || { echo "exit code $status, expected $expected: $*"; return 1; }
}

# retry TIMES COMMAND...: for what depends on the network.
retry() {
  local times=$1 attempt
  shift
  for ((attempt = 1; attempt <= times; attempt++)); do
    if "$@"; then return 0; fi
    echo "attempt $attempt of $times failed: $*"
    sleep $((5 * attempt))
  done
  return 1
}

# Prints the sum of all checks as one line; fails when anything failed or nothing ran.
total() {
  awk '{ p += $1; f += $2; s += $3 } END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit p == 0 || f > 0 }' \
    "$DARKSCAN_TALLY"
}
