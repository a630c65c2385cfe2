# shellcheck shell=sh
# What the scripts that pull from other registries take alike. Sourced after api.sh, by scripts that use what it sets.
# shellcheck disable=SC2034

dry=false existing=''
unset search

# pull_option OPTION [VALUE]: sets $dry, $existing or $search, and $words to how many words that were; returns 1 when OPTION
# is something else.
pull_option() {
  words=1
  case $1 in
    --dry-run) dry=true ;;
    --update) existing=update ;;
    --search)
      value_of "$1" $#
      search=$2 words=2
      ;;
    *) return 1 ;;
  esac
}
