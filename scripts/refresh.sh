#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Checks a server and reads its tools now, and prints what changed.

  scripts/refresh.sh PATH [--json]

Example:
  scripts/refresh.sh /weather
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

read_path "$@"
url=$(server_url "$path")
require_token
api_patience=120
api POST "$url/refresh"
print_answer refreshed
