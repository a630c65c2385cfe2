#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Lists the tools of one server, or of all.

  scripts/tools.sh [PATH] [--query TEXT] [--json]

Examples:
  scripts/tools.sh /weather
  scripts/tools.sh --query forecast
  scripts/tools.sh /weather --json      (with the input schemas)
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

path='' query=''
while [ $# -gt 0 ]; do
  common_option "$1" && shift && continue
  case $1 in
    --query)
      value_of "$1" $#
      query=$2
      shift
      ;;
    -*) wrong_use "unknown option $1" ;;
    *)
      [ -z "$path" ] || wrong_use 'one path at a time'
      path=$1
      ;;
  esac
  shift
done
if [ -n "$path" ]; then
  [ -z "$query" ] || wrong_use '--query searches all servers; leave the path out'
  target=$(server_url "$path")/tools
else
  target=/api/tools${query:+?query=$(encoded "$query")}
fi
require_token
api GET "$target"
print_answer tools
