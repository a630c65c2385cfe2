#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Disables a server at once: calls to it are answered with 503. Prints what nginx made of it.

  scripts/disable.sh PATH [--json]

Ends with 5 when it is disabled and nginx still serves what it served before.

Example:
  scripts/disable.sh /weather
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

read_path "$@"
url=$(server_url "$path")
require_token
api POST "$url/disable"
print_answer gateway
require_effect
