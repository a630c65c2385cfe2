#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Registers the servers of another registry, disabled, and tells what became of each.

  scripts/pull.sh URL [--dry-run] [--update] [--since TIME] [--search TEXT] [--json]

  URL            of a registry that speaks the MCP registry API v0.1
  --dry-run      tells what would be, and stores nothing
  --update       changes servers that are there already and differ (default: they are kept as they are)
  --since TIME   only what has changed since then (RFC 3339); each pull says what to give to the next one
  --search TEXT  only servers with this in their name

What the registry has deleted since is disabled here and marked; nothing is ever removed. Servers that cannot be taken
over, such as packages that somebody would have to run, are refused with the reason and hinder no other.

Examples:
  scripts/pull.sh https://registry.modelcontextprotocol.io --search weather --dry-run
  scripts/pull.sh https://other.example.com --since 2026-01-31T00:00:00Z
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"
# shellcheck source=scripts/pull-options.sh
. "$scripts/pull-options.sh"

url='' since=''
while [ $# -gt 0 ]; do
  common_option "$1" && shift && continue
  pull_option "$@" && shift "$words" && continue
  case $1 in
    --since)
      value_of "$1" $#
      since=$2
      shift
      ;;
    -*) wrong_use "unknown option $1" ;;
    *)
      [ -z "$url" ] || wrong_use 'one registry at a time'
      url=$1
      ;;
  esac
  shift
done
[ -n "$url" ] || wrong_use 'the URL of the registry is needed'
set -- string url "$url" boolean dryRun "$dry" string existing "${existing:-keep}"
[ -z "$since" ] || set -- "$@" string updatedSince "$since"
[ -z "${search:-}" ] || set -- "$@" string search "$search"
make_body "$@"
require_token
api_patience=120
api POST /api/registries/pull "$api_body"
print_answer pulled
