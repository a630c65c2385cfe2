#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Lists the registered servers.

  scripts/list.sh [--query TEXT] [--status all|enabled|disabled|issues] [--tag TAG]
                  [--limit N] [--cursor CURSOR] [--json]

Examples:
  scripts/list.sh
  scripts/list.sh --status issues
  scripts/list.sh --query weather --json
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

query=''
while [ $# -gt 0 ]; do
  common_option "$1" && shift && continue
  case $1 in
    --query | --status | --tag | --limit | --cursor)
      value_of "$1" $#
      query="$query&${1#--}=$(encoded "$2")"
      shift 2
      ;;
    *) unexpected "$1" ;;
  esac
done
require_token
api GET "/api/servers${query:+?${query#&}}"
print_answer servers
