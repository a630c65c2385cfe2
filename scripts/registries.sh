#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Follows other registries: what they add and change is taken over, disabled, once or on a schedule.

  scripts/registries.sh add URL [--every HOURS] [--update] [--search TEXT] [--json]
  scripts/registries.sh change ID [--every HOURS | --every never] [--update | --keep] [--search TEXT] [--json]
  scripts/registries.sh list [--json]
  scripts/registries.sh pull ID [--dry-run] [--full] [--json]
  scripts/registries.sh remove ID

  --every HOURS  pulls by itself, the first time within a minute (default: only when asked)
  --update       changes servers that are there already and differ (default: they are kept as they are, --keep)
  --search TEXT  only servers with this in their name; '' for all
  --dry-run      tells what would be, and stores nothing
  --full         reads the whole list, and not only what has changed since the last pull

A registry is pulled from in the name of the account that added it. What was pulled stays when the registry is removed.
To pull once, without following: scripts/pull.sh URL

Examples:
  scripts/registries.sh add https://registry.modelcontextprotocol.io --search weather --every 24
  scripts/registries.sh change 3f9c2a71b0d4 --every 6
  scripts/registries.sh pull 3f9c2a71b0d4
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"
# shellcheck source=scripts/pull-options.sh
. "$scripts/pull-options.sh"

action='' what='' every='' full=false
while [ $# -gt 0 ]; do
  common_option "$1" && shift && continue
  pull_option "$@" && shift "$words" && continue
  case $1 in
    --keep) existing=keep ;;
    --full) full=true ;;
    --every)
      value_of "$1" $#
      every=$2
      shift
      ;;
    -*) wrong_use "unknown option $1" ;;
    *)
      if [ -z "$action" ]; then action=$1; elif [ -z "$what" ]; then what=$1; else wrong_use 'one registry at a time'; fi
      ;;
  esac
  shift
done

case $action in
  add) [ -n "$what" ] || wrong_use 'the URL of the registry is needed' ;;
  change | pull | remove)
    case $what in '' | *[!0-9a-f]*) wrong_use 'the id of a registry is needed, as in scripts/registries.sh list' ;; esac
    ;;
  list) [ -z "$what" ] || wrong_use 'list takes nothing' ;;
  *) wrong_use 'what to do? add, change, list, pull or remove' ;;
esac

require_token
case $action in
  add)
    set -- string url "$what"
    [ -z "$existing" ] || set -- "$@" string existing "$existing"
    [ -z "$every" ] || set -- "$@" number everyHours "$every"
    [ -z "${search:-}" ] || set -- "$@" string search "$search"
    make_body "$@"
    api POST /api/registries "$api_body"
    print_answer registry
    ;;
  change)
    set --
    [ -z "$existing" ] || set -- "$@" string existing "$existing"
    case $every in
      '') ;;
      never) set -- "$@" null everyHours - ;;
      *) set -- "$@" number everyHours "$every" ;;
    esac
    case ${search+given}${search:+ text} in
      '') ;;
      given) set -- "$@" null search - ;;
      *) set -- "$@" string search "$search" ;;
    esac
    [ $# -gt 0 ] || wrong_use 'what to change? --every, --update, --keep or --search'
    make_body "$@"
    api PATCH "/api/registries/$what" "$api_body"
    print_answer registry
    ;;
  list)
    api GET /api/registries
    print_answer registries
    ;;
  pull)
    make_body boolean dryRun "$dry" boolean full "$full"
    api_patience=120
    api POST "/api/registries/$what/pull" "$api_body"
    print_answer pulled
    ;;
  remove) api DELETE "/api/registries/$what" ;;
esac
