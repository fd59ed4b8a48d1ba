# Shared by ./start and ./test: finds Python, keeps .venv as the lock file says. Read by sh, not run.

find_python() {
  for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
    if command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
}

# prepare LOCK: .venv holds exactly what LOCK says, and Gerai itself.
prepare() {
  lock=$1
  if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
    python=$(find_python)
    if [ -z "$python" ]; then
      echo "Gerai memerlukan Python 3.11 atau lebih baru (di Debian/Ubuntu: apt install python3 python3-venv)." >&2
      echo "Gerai needs Python 3.11 or newer (on Debian/Ubuntu: apt install python3 python3-venv)." >&2
      exit 1
    fi
    echo "Menyiapkan Python / preparing Python ($python) ..."
    rm -rf .venv
    "$python" -m venv .venv
  fi
  want=$(cat "$lock" pyproject.toml | cksum)
  # The tests' list holds all that ./start needs: ./start does not take it away again.
  have=$(cat .venv/locked-"$lock" 2>/dev/null || true)
  if [ "$lock" = requirements.lock ] && [ "$have" != "$want" ]; then
    more=$(cat requirements-test.lock pyproject.toml | cksum)
    [ "$(cat .venv/locked-requirements-test.lock 2>/dev/null || true)" = "$more" ] && have=$want
  fi
  if [ "$have" != "$want" ]; then
    echo "Memasang pustaka / installing libraries ($lock) ..."
    rm -f .venv/locked-*
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install -q --disable-pip-version-check uv || true
    if ! { [ -x .venv/bin/uv ] && VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip sync -q "$lock" &&
      VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip install -q -e . --no-deps; }; then
      .venv/bin/python -m pip install -q --disable-pip-version-check -r "$lock"
      .venv/bin/python -m pip install -q --disable-pip-version-check -e . --no-deps
    fi
    echo "$want" >.venv/locked-"$lock"
  fi
}

# programs: what some tests need besides Python. Installed as root on Debian, otherwise named.
programs() {
  missing=
  command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
  command -v pdfsig >/dev/null 2>&1 || missing="$missing poppler-utils"
  command -v espeak-ng >/dev/null 2>&1 || missing="$missing espeak-ng"
  command -v softhsm2-util >/dev/null 2>&1 || missing="$missing softhsm2"
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Memasang / installing:$missing"
    # shellcheck disable=SC2086
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      $missing; } >/dev/null 2>&1 && return 0
  fi
  echo "Pasang dahulu program ini / please install these programs first:$missing" >&2
  exit 1
}
