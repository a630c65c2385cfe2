#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Makes, lists and revokes tokens for the gateway and the API.

  scripts/token.sh create NAME [--group NAME]... [--server PATH] [--scope read|write|admin]... [--days N] [--json]
  scripts/token.sh list [--json]
  scripts/token.sh revoke ID

Groups say which servers and tools the token may use at the gateway; --server makes it good for one server
alone, and without a group for what its owner may use there. Scopes say what it may do at the API: each includes
the ones before it. The default is read, or no scope with --group or --server. Without --days a token does not
expire.
A new token is printed once. With --json nothing but the answer is on standard output.

Without GATEWAY_TOKEN and without the operator token of this machine it logs in with a user name and
a password: from ADMIN_USER and ADMIN_PASSWORD, or it asks for them.

Examples:
  scripts/token.sh create agent --group weather-readers --days 30
  scripts/token.sh create deploy --scope write --days 90
  GATEWAY_URL=https://gateway.example.com scripts/token.sh create laptop --scope admin
  scripts/token.sh revoke 3f9c2a71
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

log_in() {
  user=${ADMIN_USER:-}
  login_password=${ADMIN_PASSWORD:-}
  if [ -z "$login_password" ]; then
    [ -t 0 ] || fail 4 'no token: set GATEWAY_TOKEN, or ADMIN_USER and ADMIN_PASSWORD'
    printf 'User name [%s]: ' "${user:-admin}" >&2
    read -r typed
    user=${typed:-$user}
    printf 'Password: ' >&2
    trap 'stty echo; exit 130' INT
    stty -echo
    IFS= read -r login_password
    stty echo
    trap 'exit 130' INT
    echo >&2
  fi
  # The password goes through the environment of one child, never through an argument.
  export LOGIN_PASSWORD="$login_password"
  make_body string username "${user:-admin}" env password LOGIN_PASSWORD
  unset LOGIN_PASSWORD login_password
  api POST /api/login "$api_body"
  api_csrf=$(node "$scripts/read-field.js" csrfToken "$api_answer")
}

log_out() {
  [ -n "${api_csrf:-}" ] || return 0
  cp "$api_answer" "$api_work/kept"
  api POST /api/logout
  cp "$api_work/kept" "$api_answer"
}

verb='' subject=''
# Each round takes options from the front and puts triplets at the end; "--end--" marks where they begin.
set -- "$@" --end--
while [ "$1" != --end-- ]; do
  option=$1
  shift
  common_option "$option" && continue
  case $option in
    --group | --server | --scope | --days)
      [ "$1" != --end-- ] || wrong_use "$option needs a value"
      value=$1
      shift
      case $option in
        --group) set -- "$@" item groups "$value" ;;
        --server) set -- "$@" string server "$value" ;;
        --scope) set -- "$@" item scopes "$value" ;;
        --days) set -- "$@" number expiresInDays "$value" ;;
      esac
      ;;
    -*) wrong_use "unknown option $option" ;;
    *)
      if [ -z "$verb" ]; then
        verb=$option
      elif [ -z "$subject" ]; then
        subject=$option
      else
        unexpected "$option"
      fi
      ;;
  esac
done
shift
case $verb in
  create) [ -n "$subject" ] || wrong_use 'create needs a name' ;;
  revoke) [ -n "$subject" ] || wrong_use 'revoke needs the id of the token' ;;
  list) [ -z "$subject" ] || unexpected "$subject" ;;
  *) wrong_use 'say create, list or revoke' ;;
esac
find_token || log_in
case $verb in
  create)
    make_body string name "$subject" "$@"
    api POST /api/tokens "$api_body"
    log_out
    print_answer token
    ;;
  list)
    api GET /api/tokens
    log_out
    print_answer tokens
    ;;
  revoke)
    api DELETE "/api/tokens/$(encoded "$subject")"
    log_out
    [ "$output" = json ] || echo "revoked $subject"
    ;;
esac
