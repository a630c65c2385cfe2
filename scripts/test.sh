#!/bin/sh
# Runs every check that the project has, and ends with "N passed, N failed". Installs what they need.
set -eu

if [ $# -gt 0 ]; then
  cat <<'TEXT'
Installs what the tests need and runs everything that must hold: types, lint, layering, format, dead code,
build, shell scripts, container file, and all tests. Takes no arguments.

Exit codes: 0 all passed, 1 something failed or nothing ran.
TEXT
  case $1 in -h | --help) exit 0 ;; *) exit 2 ;; esac
fi

cd "$(dirname -- "$0")/.."
# shellcheck source=scripts/prerequisites.sh
. ./scripts/prerequisites.sh

passed=0 failed=0
folder=$(mktemp -d)
results=$folder/results.json
begun=''
trap 'kill $begun 2>/dev/null; rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# step NAME COMMAND ...: runs one check, which counts as one.
step() {
  step_name=$1
  shift
  say "$step_name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    say "FAILED: $step_name"
  fi
}

# begin NAME COMMAND ...: runs a check beside others. Its output is shown when `await` counts it.
begin() {
  begin_name=$1
  shift
  "$@" >"$folder/$begin_name.log" 2>&1 &
  begun="$begun $!"
  echo $! >"$folder/$begin_name.pid"
}

# await NAME
await() {
  if wait "$(cat "$folder/$1.pid")"; then
    step "$1" true
  else
    cat "$folder/$1.log" >&2
    step "$1" false
  fi
}

check_scripts() {
  shellcheck scripts/*.sh .ci/run
}

check_alerts() {
  promtool check rules scripts/monitoring/alerts.yml && promtool check config --syntax-only scripts/monitoring/prometheus.yml
}

# Every test in tests/; each counts as one. A file that could not run is a failure.
run_tests() {
  say 'tests'
  npm test --silent -- --json --outputFile "$results" >/dev/null || :
  if [ ! -s "$results" ]; then
    failed=$((failed + 1))
    say 'FAILED: the tests could not be run'
    return 0
  fi
  counts=$(node scripts/count-results.js "$results")
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
  if [ "$counts" = '0 0' ]; then
    failed=$((failed + 1))
    say 'FAILED: there were no tests'
  fi
}

need_node
if has_chromium; then
  need_system_packages shellcheck openssl
else
  need_system_packages shellcheck openssl chromium
fi
step 'npm packages' need_node_modules
if [ "$failed" = 0 ]; then
  checks='types lint layering format deadcode scripts container'
  begin lint npm run --silent lint
  begin types npm run --silent typecheck
  begin build npm run --silent build
  begin layering npm run --silent layering
  begin format npm run --silent format:check
  begin deadcode npm run --silent deadcode
  begin scripts check_scripts
  begin container npm run --silent lint:container
  # It comes with Prometheus, which is large, and nothing else here needs it.
  if command -v promtool >/dev/null; then
    begin alerts check_alerts
    checks="$checks alerts"
  else
    say 'not checked by promtool, which is not here (apt-get install prometheus): scripts/monitoring'
  fi
  # Tests open the console that was built; all else goes on beside them.
  await build
  run_tests
  for each in $checks; do await "$each"; done
  begun=''
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
