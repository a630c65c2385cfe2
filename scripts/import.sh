#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Registers the servers of a file, disabled, and tells what became of each.

  scripts/import.sh FILE [--dry-run] [--update] [--json]

  FILE       the configuration of Cursor, Claude, VS Code, Windsurf or Gemini, a server.json, an export of a
             registry like this one, or files of the Python registry ("-": standard input)
  --dry-run  tells what would be, and stores nothing
  --update   changes servers that are there already and differ (default: they are kept as they are)

Ends with 1 when a server was refused; the others are registered all the same.

Examples:
  scripts/import.sh ~/.cursor/mcp.json --dry-run
  scripts/export.sh | GATEWAY_URL=https://other.example.com GATEWAY_TOKEN=... scripts/import.sh -
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

file='' dry=false existing=keep
while [ $# -gt 0 ]; do
  common_option "$1" && shift && continue
  case $1 in
    --dry-run) dry=true ;;
    --update) existing=update ;;
    -?*) wrong_use "unknown option $1" ;;
    *)
      [ -z "$file" ] || wrong_use 'one file at a time'
      file=$1
      ;;
  esac
  shift
done
[ -n "$file" ] || wrong_use 'the file is needed ("-": standard input)'
make_body file text "$file" boolean dryRun "$dry" string existing "$existing"
require_token
api_patience=120
api POST /api/import "$api_body"
print_answer imported
! grep -q '"outcome":"refused"' "$api_answer"
