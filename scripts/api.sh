# shellcheck shell=sh
# Calls the REST API of the registry. Sourced by the operator's scripts, which set `usage`.
#
# GATEWAY_URL    where the API is (default http://127.0.0.1:$GATEWAY_PORT, port 8080)
# GATEWAY_TOKEN  bearer token (default: the operator token that the registry wrote to DATA_DIR)
#
# Exit codes: 0 done, 1 the API refused, 2 wrong use, 3 the gateway cannot be reached, 4 not logged in,
# 5 stored, but nginx does not serve it so.

scripts=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=scripts/load-env.sh
. "$scripts/load-env.sh"
load_env "$scripts/../.env"

output=table
api_work=$(mktemp -d)
trap 'rm -rf "$api_work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
api_answer=$api_work/answer
api_body=$api_work/body
# How many seconds an answer may take. Scripts that ask for what takes long by nature set more.
api_patience=30
GATEWAY_URL=${GATEWAY_URL:-http://127.0.0.1:${GATEWAY_PORT:-8080}}
GATEWAY_URL=${GATEWAY_URL%/}

# fail CODE MESSAGE
fail() {
  printf '%s: %s\n' "$(basename -- "$0")" "$2" >&2
  exit "$1"
}

wrong_use() {
  printf '%s: %s\n' "$(basename -- "$0")" "$1" >&2
  printf 'Try %s --help\n' "$0" >&2
  exit 2
}

# unexpected WORD: refuses what a script does not take.
unexpected() {
  case $1 in
    -*) wrong_use "unknown option $1" ;;
    *) wrong_use "unexpected argument $1" ;;
  esac
}

# common_option OPTION: handles what every script takes; returns 1 when OPTION is something else.
common_option() {
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --json) output=json ;;
    *) return 1 ;;
  esac
}

# value_of OPTION COUNT: refuses an option at the end of the line that needs a value.
value_of() {
  [ "$2" -ge 2 ] || wrong_use "$1 needs a value"
}

# read_path ARGUMENTS: for scripts that take one server path and nothing of their own; sets $path.
read_path() {
  path=''
  while [ $# -gt 0 ]; do
    common_option "$1" && shift && continue
    case $1 in
      -*) wrong_use "unknown option $1" ;;
      *) [ -z "$path" ] || wrong_use 'one path at a time' ;;
    esac
    path=$1
    shift
  done
}

# The token that the caller set, or else the one for scripts on the registry's own machine.
find_token() {
  [ -n "${GATEWAY_TOKEN:-}" ] && return 0
  find_token_data=${DATA_DIR:-./data}
  case $find_token_data in /*) ;; *) find_token_data=$scripts/../$find_token_data ;; esac
  find_token_file=$find_token_data/operator-token
  [ -r "$find_token_file" ] || return 1
  GATEWAY_TOKEN=$(cat "$find_token_file")
  [ -n "$GATEWAY_TOKEN" ]
}

require_token() {
  find_token || fail 4 "no token: set GATEWAY_TOKEN (scripts/token.sh create NAME makes one)"
}

# server_url PATH: the API's address of a server; slashes of PATH are encoded.
server_url() {
  server_url_path=${1#/}
  [ -n "$server_url_path" ] || wrong_use "the path of a server is needed, such as /weather"
  printf '/api/servers/'
  encoded "$server_url_path"
}

encoded() {
  node -p 'encodeURIComponent(process.argv[1])' -- "$1"
}

# Headers go through standard input, so that no secret is an argument that `ps` shows.
api_headers() {
  case ${GATEWAY_TOKEN:-} in
    '') ;;
    *[!A-Za-z0-9._~+/=-]*) fail 2 'GATEWAY_TOKEN holds characters that no token has' ;;
    *) printf 'header = "Authorization: Bearer %s"\n' "$GATEWAY_TOKEN" ;;
  esac
  case ${api_csrf:-} in
    '' | *[!A-Za-z0-9._~+/=-]*) ;;
    *) printf 'header = "X-CSRF-Token: %s"\n' "$api_csrf" ;;
  esac
}

# api METHOD PATH [BODY-FILE]: leaves the answer in $api_answer, or ends the script.
api() {
  api_method=$1 api_path=$2 api_sent=${3:-}
  api_headers >"$api_work/headers"
  set -- --silent --show-error --path-as-is --proto =http,https \
    --connect-timeout 5 --max-time "$api_patience" --config - \
    --user-agent mcpgw-scripts \
    --request "$api_method" --header 'Accept: application/json' \
    --output "$api_answer" --write-out '%{http_code}' \
    --cookie "$api_work/cookies" --cookie-jar "$api_work/cookies"
  [ -z "$api_sent" ] || set -- "$@" --header 'Content-Type: application/json' --data-binary "@$api_sent"
  : >"$api_answer"
  api_status=$(curl "$@" "$GATEWAY_URL$api_path" <"$api_work/headers" 2>"$api_work/curl") || {
    # curl's 1 and 3: another protocol than HTTP, and no URL at all.
    case $? in 1 | 3) fail 2 "GATEWAY_URL is no http or https address: $GATEWAY_URL" ;; esac
    fail 3 "cannot reach $GATEWAY_URL: $(cat "$api_work/curl")
Is it running (./scripts/start.sh)? Set GATEWAY_URL when it is elsewhere."
  }
  case $api_status in 2??) return 0 ;; esac
  print_problem >&2
  [ "$api_status" = 401 ] && exit 4
  grep -q '"code":"registry-unreachable"' "$api_answer" && exit 3
  exit 1
}

print_problem() {
  if [ "$output" = json ]; then
    cat "$api_answer"
    echo
  else
    node "$scripts/print-answer.js" problem "$api_answer" || print_odd_answer
  fi
}

print_odd_answer() {
  printf 'HTTP %s from %s, and not what the gateway says:\n' "$api_status" "$GATEWAY_URL"
  head -c 400 "$api_answer"
  echo
}

# print_answer VIEW: the last answer, as a table or as it came.
print_answer() {
  if [ "$output" = json ]; then
    cat "$api_answer"
    echo
  elif [ -s "$api_answer" ]; then
    node "$scripts/print-answer.js" "$1" "$api_answer" && return 0
    print_odd_answer >&2
    exit 1
  fi
}

# require_effect: ends the script with 5 when the last answer says that the change was stored and nginx does not serve it.
# What nginx has not answered yet is no failure. In a text of somebody these quotes would be escaped.
require_effect() {
  ! grep -Eq '"gateway":\{"state":"rejected"|"exclusion":\{"' "$api_answer" || exit 5
}

# make_body KIND FIELD VALUE ...: writes the request's body; see make-body.js.
make_body() {
  node "$scripts/make-body.js" "$@" >"$api_body" || exit 2
}
