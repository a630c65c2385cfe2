#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Removes a server. Asks first, unless --yes is given.

  scripts/remove.sh PATH [--yes] [--json]

Ends with 5 when it is removed and nginx still serves what it served before.

Examples:
  scripts/remove.sh /weather
  scripts/remove.sh /weather --yes
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

path='' sure=''
while [ $# -gt 0 ]; do
  common_option "$1" && shift && continue
  case $1 in
    -y | --yes) sure=1 ;;
    -*) wrong_use "unknown option $1" ;;
    *)
      [ -z "$path" ] || wrong_use 'one path at a time'
      path=$1
      ;;
  esac
  shift
done
url=$(server_url "$path")
require_token
if [ -z "$sure" ]; then
  printf 'Remove %s from %s? [y/N] ' "$path" "$GATEWAY_URL" >&2
  read -r answer || answer=''
  case $answer in
    y | Y | yes) ;;
    *) fail 1 'nothing was removed' ;;
  esac
fi
api DELETE "$url"
[ "$output" = json ] || echo "removed $path"
print_answer gateway
require_effect
