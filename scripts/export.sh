#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Prints the registered servers as JSON that scripts/import.sh takes. Secrets are not in it.

  scripts/export.sh [--json]

Example:
  scripts/export.sh >servers.json
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

while [ $# -gt 0 ]; do
  common_option "$1" || unexpected "$1"
  shift
done
require_token
api GET /api/export
print_answer exported
