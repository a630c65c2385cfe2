#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Shows one server: what was registered, its health, and whether nginx serves it.

  scripts/show.sh PATH [--json]

Example:
  scripts/show.sh /weather
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

read_path "$@"
url=$(server_url "$path")
require_token
api GET "$url"
print_answer server
