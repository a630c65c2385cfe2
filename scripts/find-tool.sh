#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Finds tools of all servers by what they should do, the best first.

  scripts/find-tool.sh WORDS... [--limit N] [--json]

Examples:
  scripts/find-tool.sh convert a time between two cities
  scripts/find-tool.sh "send an e-mail" --limit 3
  scripts/find-tool.sh forecast --json      (with the input schemas)
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

words='' limit=''
while [ $# -gt 0 ]; do
  common_option "$1" && shift && continue
  case $1 in
    --limit)
      value_of "$1" $#
      limit=$2
      shift
      ;;
    -*) wrong_use "unknown option $1" ;;
    *) words="$words $1" ;;
  esac
  shift
done
[ -n "$words" ] || wrong_use 'say what the tool should do'
require_token
api GET "/api/search/tools?q=$(encoded "${words# }")${limit:+&limit=$(encoded "$limit")}"
print_answer found
