#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Prints what to write where, so that a program uses a server through the gateway.

  scripts/client-config.sh HOST PATH [--json]
  scripts/client-config.sh              (lists the hosts)

The text goes to standard output, what there is to know of it to standard error.

Examples:
  scripts/client-config.sh cursor /weather
  scripts/client-config.sh codex /weather >>~/.codex/config.toml
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

host='' path=''
while [ $# -gt 0 ]; do
  common_option "$1" && shift && continue
  case $1 in
    -*) wrong_use "unknown option $1" ;;
    *)
      [ -z "$path" ] || wrong_use 'one host and one path at a time'
      if [ -z "$host" ]; then host=$1; else path=$1; fi
      ;;
  esac
  shift
done
require_token
if [ -z "$host" ]; then
  api GET /api/clients
  print_answer hosts
  exit 0
fi
[ -n "$path" ] || wrong_use 'the path of a server is needed, such as /weather'
api GET "/api/clients/$(encoded "$host")?server=$(encoded "$path")"
[ "$output" = json ] || print_answer clientNotes >&2
print_answer client
