#!/bin/sh
set -eu

usage() {
  cat <<'TEXT'
Registers an MCP server.

  scripts/register.sh --name NAME --path /PATH --url URL [options]

  --name NAME          what people call it
  --path /PATH         its public prefix: one to three segments, such as /weather or /team/weather
  --url URL            its MCP endpoint, or the base: then /mcp and /sse below it are tried
  --description TEXT
  --tag TAG            may be given several times
  --transport KIND     auto (default), streamable-http or sse
  --public             anyone who reaches the gateway may call it (default: a token is needed)
  --enable             route it at once (default: registered but disabled)
  --ca-file FILE       PEM bundle to verify an https upstream with
  --no-verify          do not verify the upstream's certificate
  --bearer-env NAME    send the server "Authorization: Bearer ...", the token being in this environment variable
  --basic-user USER    send the server this user name ...
  --password-env NAME  ... and the password that is in this environment variable
  --pass-header NAME   pass this header of clients on to the server, as its Authorization
  --timeout SECONDS    longest silence of a call (default 3600)
  --max-body BYTES     largest request (default 10485760)
  --json-file FILE     take the fields from a JSON object ("-": standard input); options win over it
  --json               print the answer as JSON

Ends with 5 when it is registered and enabled, and nginx does not serve it: it is left out, or nginx refused the
configuration.

Examples:
  scripts/register.sh --name Weather --path /weather --url http://127.0.0.1:9000/mcp --enable
  scripts/register.sh --name Docs --path /docs-search --url https://docs.internal --tag docs --ca-file ca.pem
  TOKEN=... scripts/register.sh --name Issues --path /issues --url https://issues.internal/mcp --bearer-env TOKEN
  scripts/register.sh --json-file weather.json --enable
TEXT
}

# shellcheck source=scripts/api.sh
. "$(dirname -- "$0")/api.sh"

# The fields gather in the positional parameters of this function, three for each; see make-body.js.
register() {
  make_body "$@"
  require_token
  api POST /api/servers "$api_body"
  print_answer server
  require_effect
}

named='' placed='' pointed='' from=''
# Each round takes options from the front and puts triplets at the end; "--end--" marks where they begin.
set -- "$@" --end--
while [ "$1" != --end-- ]; do
  option=$1
  shift
  common_option "$option" && continue
  case $option in
    --public) set -- "$@" string access public ;;
    --enable) set -- "$@" boolean enabled true ;;
    --no-verify) set -- "$@" boolean tls.verify false ;;
    --name | --path | --url | --description | --tag | --transport | --ca-file | --timeout | --max-body | --json-file | --bearer-env | --basic-user | --password-env | --pass-header)
      [ "$1" != --end-- ] || wrong_use "$option needs a value"
      value=$1
      shift
      case $option in
        --name) named=1 && set -- "$@" string name "$value" ;;
        --path) placed=1 && set -- "$@" string path "$value" ;;
        --url) pointed=1 && set -- "$@" string url "$value" ;;
        --description) set -- "$@" string description "$value" ;;
        --tag) set -- "$@" item tags "$value" ;;
        --transport) set -- "$@" string transport "$value" ;;
        --ca-file) set -- "$@" file tls.caPem "$value" ;;
        --bearer-env) set -- "$@" string auth.type bearer env auth.token "$value" ;;
        --basic-user) set -- "$@" string auth.type basic string auth.username "$value" ;;
        --password-env) set -- "$@" string auth.type basic env auth.password "$value" ;;
        --pass-header) set -- "$@" string auth.type pass-through string auth.from "$value" ;;
        --timeout) set -- "$@" number timeoutSeconds "$value" ;;
        --max-body) set -- "$@" number maxBodyBytes "$value" ;;
        --json-file) from=$value ;;
      esac
      ;;
    *) unexpected "$option" ;;
  esac
done
shift
if [ -n "$from" ]; then
  register all - "$from" "$@"
elif [ -n "$named" ] && [ -n "$placed" ] && [ -n "$pointed" ]; then
  register "$@"
else
  wrong_use 'needs --name, --path and --url (or --json-file)'
fi
