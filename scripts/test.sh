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
sources=''
trap '[ -z "$sources" ] || kill "$sources" || :; rm -rf "$folder"' EXIT
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

# behind NAME COMMAND ...: the same for what runs behind the tests: its output is kept, and `show` counts it.
behind() {
  behind_name=$1
  shift
  "$@" >"$folder/$behind_name.log" 2>&1 &
  behind_process=$!
  trap 'kill "$behind_process"; exit 143' TERM
  if wait "$behind_process"; then
    : >"$folder/$behind_name.passed"
  fi
}

# What reads the sources alone: it takes what the tests leave of the processors.
check_sources() {
  behind lint nice -n 19 npm run --silent lint
  behind types nice -n 19 npm run --silent typecheck
  behind layering nice -n 19 npm run --silent layering
  behind format nice -n 19 npm run --silent format:check
  behind deadcode nice -n 19 npm run --silent deadcode
  behind scripts check_scripts
  behind container nice -n 19 npm run --silent lint:container
  [ -z "$has_promtool" ] || behind alerts check_alerts
}

# show NAME: counts what ran behind the tests, and shows what it had to say.
show() {
  if [ -e "$folder/$1.passed" ]; then
    step "$1" true
  else
    cat "$folder/$1.log" >&2 || :
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

need_system() {
  need_system_packages shellcheck openssl
  need_chromium
}

need_node
need_system &
system=$!
step 'npm packages' need_node_modules
step 'system packages' wait "$system"
if [ "$failed" = 0 ]; then
  has_promtool=$(command -v promtool) || has_promtool=''
  # It comes with Prometheus, which is large, and nothing else here needs it.
  [ -n "$has_promtool" ] || say 'not checked by promtool, which is not here (apt-get install prometheus): scripts/monitoring'
  # Tests open the console and start the registry that were built.
  step build npm run --silent build
  check_sources &
  sources=$!
  run_tests
  wait "$sources" || :
  sources=''
  for each in lint types layering format deadcode scripts container ${has_promtool:+alerts}; do show "$each"; done
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
