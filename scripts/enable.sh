#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Enables a server: nginx routes calls to it. Prints what nginx made of it.

  scripts/enable.sh PATH [--json]

Ends with 5 when it is enabled and nginx does not serve it: it is left out, or nginx refused the configuration.

Example:
  scripts/enable.sh /weather
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

read_path "$@"
url=$(server_url "$path")
require_token
api POST "$url/enable"
print_answer gateway
require_effect
