# shellcheck shell=sh
# Reads settings from an .env file. Sourced by the other scripts.

# load_env FILE: exports each KEY=VALUE line of FILE. What is set in the environment already wins.
# Lines are taken as text and never run; one pair of quotes around a value is removed.
load_env() {
  [ -f "$1" ] || return 0
  while IFS= read -r load_env_line || [ -n "$load_env_line" ]; do
    load_env_line=${load_env_line%"$(printf '\r')"}
    load_env_key=${load_env_line%%=*}
    case $load_env_line in *=*) ;; *) continue ;; esac
    case $load_env_key in '' | [0-9]* | *[!A-Za-z0-9_]*) continue ;; esac
    load_env_value=${load_env_line#*=}
    case $load_env_value in
      \"*\") load_env_value=${load_env_value#\"} load_env_value=${load_env_value%\"} ;;
      \'*\') load_env_value=${load_env_value#\'} load_env_value=${load_env_value%\'} ;;
    esac
    if eval "[ -z \"\${$load_env_key+set}\" ]"; then
      export "$load_env_key=$load_env_value"
    fi
  done <"$1"
}
