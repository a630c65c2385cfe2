#!/bin/sh
# Runs registry and nginx until Ctrl-C. See usage below.
set -eu

usage() {
  cat <<'TEXT'
Installs what is missing, builds, and runs the gateway until Ctrl-C.

  scripts/start.sh [--demo [--demo-port PORT]]

  --demo             also start the bundled demo MCP servers, register them as public and enable them
  --demo-port PORT   the first of the three ports on loopback that they listen on (default 8101)

Settings come from the environment and from .env (see .env.example); the environment wins.
Exit codes: 0 stopped as asked, 1 something is missing or failed, 130 or 143 stopped by force.
TEXT
}

demo_wanted='' demo_port=8101
while [ $# -gt 0 ]; do
  case $1 in
    --demo) demo_wanted=1 ;;
    --demo-port)
      demo_port=${2:-}
      [ $# -lt 2 ] || shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  shift
done
case $demo_port in
  '' | *[!0-9]*) usage >&2 && exit 2 ;;
esac

cd "$(dirname -- "$0")/.."
# shellcheck source=scripts/load-env.sh
. ./scripts/load-env.sh
# shellcheck source=scripts/prerequisites.sh
. ./scripts/prerequisites.sh

load_env .env
need_node
need_system_packages
need_node_modules || give_up 'The npm packages could not be installed; see above.'
need_build || give_up 'The build failed; see above.'

settings=$(node scripts/print-settings.js) || exit 1
data=$(printf '%s\n' "$settings" | sed -n 1p)
registry_url=$(printf '%s\n' "$settings" | sed -n 2p)
gateway_url=$(printf '%s\n' "$settings" | sed -n 3p)
public_url=$(printf '%s\n' "$settings" | sed -n 4p)

# Every client stream takes two files in nginx.
# shellcheck disable=SC3045 # dash, bash and busybox have -H and -n; elsewhere the limit stays as it is
ulimit -n "$(ulimit -Hn)" 2>/dev/null || :
export UV_THREADPOOL_SIZE="${UV_THREADPOOL_SIZE:-32}"
export LOG_FORMAT="${LOG_FORMAT:-readable}"

registry='' demo='' stopping='' forced=''
run=$(mktemp -d)

# A group of its own: Ctrl-C in a terminal then reaches this script alone, and each part is told once.
own_group=''
! command -v setsid >/dev/null || own_group=setsid

alive() {
  [ -n "$1" ] && kill -0 "$1" 2>/dev/null
}

stop() {
  if [ -z "$stopping" ]; then
    stopping=$1
    say 'stopping; once more to stop at once'
    tell_parts TERM
  else
    forced=$1
    say 'stopping at once'
    tell_parts KILL
    stop_nginx
  fi
}

# nginx lives in a session of its own and outlasts a killed registry.
stop_nginx() {
  [ "${NGINX_MODE:-managed}" = managed ] || return 0
  nginx_pid=$(cat "$data/nginx/run/nginx.pid" 2>/dev/null) || return 0
  ! alive "$nginx_pid" || kill -TERM "$nginx_pid"
}

# tell_parts SIGNAL: to each part and what it started in its group.
tell_parts() {
  for part in $demo $registry; do
    case $1 in
      KILL) kill -KILL "-$part" 2>/dev/null || kill -KILL "$part" 2>/dev/null || : ;;
      *) kill "-$1" "$part" 2>/dev/null || : ;;
    esac
  done
}

# ended PID: waits until it has ended; signals to this script do not cut the wait short.
ended() {
  wait "$1" && ended_code=0 || ended_code=$?
  while alive "$1"; do
    wait "$1" && ended_code=0 || ended_code=$?
  done
}

# Whatever ends this script ends the parts.
leave() {
  [ -n "$stopping" ] || tell_parts TERM
  for part in $demo $registry; do
    ! alive "$part" || ended "$part"
  done
  rm -rf "$run"
}

# until_true SECONDS COMMAND ...: false when time is up, or when the registry ends or is told to stop.
until_true() {
  tries=$(($1 * 5))
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ] || [ -n "$stopping" ] || ! alive "$registry"; then
      return 1
    fi
    sleep 0.2
  done
}

answers() {
  curl --silent --fail --max-time 2 --output /dev/null "$1"
}

# Another program that holds the port may answer as well.
gateway_is_up() {
  answers "$gateway_url/healthz" || return 1
  [ "${NGINX_MODE:-managed}" = managed ] || return 0
  alive "$(cat "$data/nginx/run/nginx.pid" 2>/dev/null)"
}

# The demo servers stop when the pipe that they read from is closed, so they never outlive this script.
start_demo() {
  mkfifo "$run/demo-input"
  exec 3<>"$run/demo-input"
  $own_group node dist/scripts/demo/run.js --first-port "$demo_port" \
    <"$run/demo-input" >"$run/demo-ready" 3>&- &
  demo=$!
  if until_true 40 demo_settled && [ -s "$run/demo-ready" ]; then
    node dist/scripts/demo/register.js --api "$registry_url" --token-file "$data/operator-token" \
      --first-port "$demo_port" >"$run/mcp.json" || say 'the demo servers could not be registered; see above'
  elif [ -z "$stopping" ]; then
    say 'the demo servers did not start; see above'
  fi
}

demo_settled() {
  [ -s "$run/demo-ready" ] || ! alive "$demo"
}

greet() {
  cat <<TEXT

The gateway is up.

  MCP servers   $public_url/<path>/mcp
  Console       $public_url/ui
  API           $public_url/api, described at $public_url/docs
  Health        $public_url/healthz
  Scripts       ./scripts/list.sh and its neighbours; they use the token in $data/operator-token
  Stop          Ctrl-C

TEXT
  if [ -s "$run/mcp.json" ]; then
    echo 'mcp.json for your MCP client:'
    echo
    cat "$run/mcp.json"
  else
    echo 'Register your first server:'
    echo
    echo '  ./scripts/register.sh --name Weather --path /weather --url http://127.0.0.1:9000/mcp --public --enable'
  fi
  echo
}

trap leave EXIT
trap 'stop 130' INT
trap 'stop 143' TERM HUP

$own_group node dist/registry/main.js &
registry=$!

if until_true 60 answers "$registry_url/health" && until_true 20 test -s "$data/operator-token"; then
  [ -z "$demo_wanted" ] || start_demo
  if [ "${NGINX_MODE:-managed}" = none ]; then
    say "the registry is up at $registry_url; NGINX_MODE is none, so there is no gateway"
  elif until_true 30 gateway_is_up; then
    greet
  elif [ -z "$stopping" ] && alive "$registry"; then
    say "the registry is up at $registry_url, but nginx does not answer at $gateway_url yet; see the log above (GATEWAY_PORT sets the port)"
  fi
elif [ -z "$stopping" ] && alive "$registry"; then
  say "the registry does not answer at $registry_url; see the log above"
fi

ended "$registry"
registry_code=$ended_code
[ -z "$forced" ] || exit "$forced"
[ -z "$stopping" ] || exit 0
exit "$registry_code"
