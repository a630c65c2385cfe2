# shellcheck shell=sh
# Makes sure that what the product needs is on this machine. Sourced by start.sh and test.sh, which
# have changed to the project's folder. What cannot be installed is named with the command for it.

NODE_NEEDED='20.19'

say() {
  printf '==> %s\n' "$1" >&2
}

give_up() {
  printf '%s\n' "$@" >&2
  exit 1
}

need_node() {
  if ! command -v node >/dev/null; then
    found='none was found'
  else
    found="this is $(node -p process.versions.node)"
    node -e '
      const [major, minor] = process.versions.node.split(".").map(Number);
      const [needMajor, needMinor] = process.argv[1].split(".").map(Number);
      process.exit(major > needMajor || (major === needMajor && minor >= needMinor) ? 0 : 1);
    ' "$NODE_NEEDED" && command -v npm >/dev/null && return 0
    command -v npm >/dev/null || found="$found, without npm"
  fi
  give_up "Node.js $NODE_NEEDED or newer with npm is needed; $found." \
    'Debian 13 and newer:      sudo apt-get install nodejs npm' \
    'Debian 12, Ubuntu 24.04:  curl -fsSL https://deb.nodesource.com/setup_24.x | sudo -E bash - && sudo apt-get install nodejs' \
    'elsewhere:                https://nodejs.org/en/download'
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# need_packages PACKAGE ...: installs them, or says which command would.
need_packages() {
  [ $# -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    give_up "Missing: $*." \
      'This machine has no apt-get. Install nginx with its njs module (ngx_http_js_module), curl and' \
      'CA certificates by your own package manager, for example:' \
      '  Fedora:  sudo dnf install nginx nginx-mod-js ca-certificates curl' \
      '  Alpine:  sudo apk add nginx nginx-mod-http-js ca-certificates curl' \
      'or run the container image: docker compose up'
  fi
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    give_up "Missing: $*. Install them as root:" "  sh scripts/install-packages.sh $*"
  fi
  say "installing $*"
  as_root sh scripts/install-packages.sh "$@" >&2 ||
    give_up "These packages could not be installed: $*" "Try: sudo sh scripts/install-packages.sh $*"
}

has_nginx() {
  [ -n "${NGINX_BIN:-}" ] || [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null
}

has_njs() {
  for has_njs_folder in "${NGINX_MODULES_DIR:-}" /usr/lib/nginx/modules /usr/lib64/nginx/modules /etc/nginx/modules; do
    [ ! -f "$has_njs_folder/ngx_http_js_module.so" ] || return 0
  done
  return 1
}

# need_system_packages [COMMAND ...]: nginx, njs, curl and whatever else is missing. The package of a
# COMMAND has the same name.
need_system_packages() {
  set -- curl "$@"
  for need_command; do
    shift
    command -v "$need_command" >/dev/null || set -- "$@" "$need_command"
  done
  if [ "${NGINX_MODE:-managed}" != none ]; then
    has_nginx || set -- "$@" nginx
    has_njs || set -- "$@" libnginx-mod-http-js
  fi
  has_ca_certificates || set -- "$@" ca-certificates
  need_packages "$@"
}

# The browser of the tests. Debian's shell of Chromium is smaller and quicker; elsewhere there is Chromium alone.
need_chromium() {
  for need_chromium_name in chromium-headless-shell chromium chromium-browser google-chrome-stable google-chrome; do
    [ ! -x "/usr/bin/$need_chromium_name" ] || return 0
  done
  if command -v apt-get >/dev/null; then
    say 'installing chromium-headless-shell'
    ! as_root sh scripts/install-packages.sh chromium-headless-shell >&2 || return 0
  fi
  need_packages chromium
}

has_ca_certificates() {
  [ -f /etc/ssl/certs/ca-certificates.crt ] || [ -f /etc/pki/tls/certs/ca-bundle.crt ]
}

# The packages of package-lock.json. A stamp says which lock file node_modules was made from.
need_node_modules() {
  need_node_modules_want=$(cksum <package-lock.json)
  need_node_modules_have=$(cat node_modules/.installed-from 2>/dev/null) || need_node_modules_have=''
  [ "$need_node_modules_want" != "$need_node_modules_have" ] || return 0
  say 'installing npm packages'
  npm ci --no-audit --no-fund >&2 || return 1
  printf '%s\n' "$need_node_modules_want" >node_modules/.installed-from
}

# Compiles when dist is missing or older than anything that it is made from.
need_build() {
  if [ -f dist/.built ]; then
    need_build_newer=$(find registry public scripts/demo tsconfig.json tsconfig.build.json package-lock.json -newer dist/.built)
    [ -n "$need_build_newer" ] || return 0
  fi
  say 'building'
  npm run --silent build >&2 || return 1
  : >dist/.built
}
