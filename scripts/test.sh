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
results=$(mktemp)
trap 'rm -f "$results"' EXIT
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

check_scripts() {
  shellcheck scripts/*.sh .ci/run
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
  step 'types, lint, layering, format, dead code' npm run --silent check
  step 'build' npm run --silent build
  step 'shell scripts' check_scripts
  step 'container file' npm run --silent lint:container
  run_tests
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
