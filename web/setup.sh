# Set-up shared by web/run and tests/run: finds or fetches the compilers and the sources the build
# needs. Sourced, not run. Nothing is installed that is already there, so a second call costs
# milliseconds.
#
# What is fetched is pinned by version and SHA-256 and lands in LRLAB_CACHE, outside the project, so
# that every clone on the machine shares it. Mirrors are whatever this machine's own apt, npm and
# git are set up to use.

set -euo pipefail

lrlab_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lrlab_cache=${LRLAB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/lrlab}
[ "${lrlab_cache#/}" != "$lrlab_cache" ] || lrlab_cache=$PWD/$lrlab_cache
lrlab_logs=$lrlab_cache/logs
export LRLAB_CACHE=$lrlab_cache

# The pins. An unpacked folder carries its version in its name, so raising a pin fetches anew.
emscripten_version=3.1.69
emscripten_deb=3.1.69+dfsg-3
emscripten_sha=d2ac788b952c56ab6736b4db2ac0825aa63cfb4c08b8abaefe19e324779d1b2d
emscripten_minimum=3.1.60
llvm=19  # what Emscripten 3.1.69 is built for
binaryen_version=120.0.0
binaryen_sha=4bae2d4273ff131e6718331186c103300ff7656f1e2bb74fa70d93a4bbbd7d13
acorn_version=8.14.0
acorn_sha=04c1f5545e4e9140e288bb56b4cbbc4ffd730213e6331330e2bcefc649462104
imgui_version=1.90.1
imgui_tar=imgui_1.90.1+ds.orig.tar.xz
imgui_sha=ecce377df0f90b292f15dcbd83d438bddc162b2388c881132bde18c787572a1c
implot_version=0.17  # Debian has it inside monado's source, unchanged
implot_tar=monado_25.0.0+dfsg.orig.tar.xz
implot_sha=ddfa1899078173bea3db98034dc8b990df727a169f490896570ff6e3bda72113
donor_suite=trixie  # the Debian release whose Emscripten and ImGui these are

# ---- saying what happens -----------------------------------------------------------------------

die() {
  printf '%s: %s\n' "${lrlab_me:-lrlab}" "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# stage TEXT HINT COMMAND...: one line, TEXT and the seconds COMMAND took. Its output goes to a log;
# the log's last line is shown meanwhile: live on a terminal, every 20 s elsewhere. When COMMAND
# fails, the end of the log is shown and the script ends with HINT, which says what to do by hand.
# (Call it plainly, never in an `if` or before `||`: bash would then ignore errors inside COMMAND.)
stage() {
  local text=$1 hint=$2 log start=$SECONDS pid status=0 line shown=0
  shift 2
  mkdir -p "$lrlab_logs" || die "cannot write $lrlab_cache (set LRLAB_CACHE to another folder)"
  log=$(mktemp "$lrlab_logs/$(printf '%s' "$text" | tr -cs 'A-Za-z0-9\n' '-' | cut -c1-40).XXXXXX")
  [ -t 1 ] && printf '  ...  %s' "$text"
  set -m  # a process group of its own, so that Ctrl+C can end all of it
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  set +m
  trap 'kill -TERM -- -'"$pid"' 2>/dev/null; printf "\n"; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if [ -t 1 ]; then
      line=$(tail -c 300 "$log" | tr '\r' '\n' | grep -v '^ *$' | tail -n 1 | cut -c1-60 || true)
      printf '\r\033[K%4d s  %s  %s' $((SECONDS - start)) "$text" "$line"
    elif [ $((SECONDS - start - shown)) -ge 20 ]; then
      shown=$((SECONDS - start))
      line=$(tail -c 300 "$log" | tr '\r' '\n' | grep -v '^ *$' | tail -n 1 | cut -c1-70 || true)
      printf '        %s, %d s so far: %s\n' "$text" "$shown" "$line"
    fi
  done
  wait "$pid" || status=$?
  trap - INT TERM
  [ -t 1 ] && printf '\r\033[K'
  if [ "$status" -eq 0 ]; then
    printf '%4d s  %s\n' $((SECONDS - start)) "$text"
    grep -E '(^|[^-])warning: ' "$log" | sort -u | head -n 20 || true  # a compiler's own words
    rm -f "$log"
  else
    printf '%4d s  %s: FAILED, the end of %s:\n' $((SECONDS - start)) "$text" "$log"
    # A compiler's errors, or else the last lines, whatever they are.
    grep -E -A4 '(^|[^-k])error:|CMake Error|undefined (symbol|reference)' "$log" | cut -c1-300 |
      head -n 30 || tail -n 20 "$log" | cut -c1-300
    die "$hint"
  fi
}

# ---- system packages ---------------------------------------------------------------------------

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt_install() {
  local apt="apt-get -q -o DPkg::Lock::Timeout=600"
  if [ ! -e "$lrlab_logs/.updated.$$" ]; then  # once per call of the script is enough
    as_root $apt update
    touch "$lrlab_logs/.updated.$$"
  fi
  as_root env DEBIAN_FRONTEND=noninteractive $apt install -y --no-install-recommends "$@"
}
trap 'rm -f "$lrlab_logs/.updated.$$"' EXIT

# need WHAT PROBE=PACKAGE...: PROBE is a command or a path; the packages of those that are missing
# are installed.
need() {
  local what=$1 missing
  shift
  find_missing "$@"
  [ ${#missing[@]} -gt 0 ] || return 0
  have apt-get || die "missing: ${missing[*]} (Debian's names). This machine has no apt: install them by hand, see README.md, 'Other systems'."
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || die "missing packages and no sudo. As root: apt-get install ${missing[*]}"
    sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; } || die "missing packages, and sudo asks for a password. As root: apt-get install ${missing[*]}"
  fi
  stage "Installing $what: ${missing[*]}" \
    "could not install $what. By hand: apt-get update && apt-get install ${missing[*]}" \
    apt_install "${missing[@]}"
  find_missing "$@"
  [ ${#missing[@]} -eq 0 ] ||
    die "apt calls ${missing[*]} installed, but what it should bring is not there: apt-get install --reinstall ${missing[*]}"
}
find_missing() {
  local item probe
  missing=()
  for item in "$@"; do
    probe=${item%%=*}
    case $probe in
      /*) [ -e "$probe" ] || missing+=("${item#*=}") ;;
      *) have "$probe" || missing+=("${item#*=}") ;;
    esac
  done
}

# ---- fetching what Debian 12 is too old for ----------------------------------------------------

# The Debian mirror this machine itself uses. apt reads its own configuration, in either format.
debian_mirror() {
  local suite
  have apt-get || return 0
  suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-stable}")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 2>/dev/null |
    awk -v s="$suite" '$1 !~ /^cdrom/ && ($2 == s || $2 == "stable") { print $1; exit }'
}

# apt-get with one more source, the donor suite, in lists of its own: the system's stay untouched.
donor_apt() {
  local d=$lrlab_cache/apt
  apt-get -q -o Dir::Etc::sourcelist="$d/donor.list" -o Dir::Etc::sourceparts=/nonexistent \
    -o Dir::Etc::preferencesparts=/nonexistent -o Dir::State::Lists="$d/lists" \
    -o Dir::Cache="$d/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

donor_update() {
  local d=$lrlab_cache/apt mirror key=
  [ -e "$d/fresh" ] && [ -n "$(find "$d/fresh" -mmin -60)" ] && return 0
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || { echo "no Debian mirror in this machine's apt configuration"; return 1; }
  mkdir -p "$d/lists/partial" "$d/cache/archives/partial"
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] &&
    key='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] '
  printf '%s %s%s %s main\n' deb "$key" "$mirror" "$donor_suite" deb-src "$key" "$mirror" \
    "$donor_suite" >"$d/donor.list"
  donor_apt -o APT::Update::Error-Mode=any update
  touch "$d/fresh"
}

# check FILE SHA256
check() {
  local got
  [ -e "$1" ] || { echo "the mirror no longer has $(basename "$1")"; return 1; }
  got=$(sha256sum "$1" | cut -d' ' -f1)
  [ "$got" = "$2" ] || [ -n "${LRLAB_UNPINNED:-}" ] ||
    { echo "$(basename "$1"): SHA-256 is $got, not the pinned $2"; return 1; }
}

# keep FOLDER TEXT HINT FILL: has FILL fill a new folder, then moves it into place in one step, so
# that an interrupted run leaves no half-filled folder behind.
keep() {
  local dir=$1 tmp=$1.part
  [ -e "$dir/.complete" ] && return 0
  rm -rf "$tmp" "$dir"
  mkdir -p "$tmp"
  stage "$2" "$3" "$4" "$tmp"
  touch "$tmp/.complete"
  mv "$tmp" "$dir"
}

fetch_emscripten() {
  local deb=emscripten_${emscripten_deb}_all.deb lib=./usr/share/emscripten/cache/sysroot/lib
  donor_update
  cd "$1"
  donor_apt download "emscripten=$emscripten_deb" || echo "no emscripten $emscripten_deb here"
  check "$deb" "$emscripten_sha"
  # Left out: system libraries for threads, wasm workers, sanitizers, shared objects (1.4 GB).
  dpkg-deb --fsys-tarfile "$deb" | tar x --strip-components=4 \
    --exclude="$lib/*/lto-pic" --exclude="$lib/*/pic" --exclude="$lib/*-mt*.a" \
    --exclude="$lib/*-ww*.a" --exclude="$lib/*asan*.a" --exclude="$lib/*san_*.a" \
    --exclude="$lib/*sanitizer*.a" --exclude="$lib/*wasmfs*.a" \
    --exclude=./usr/share/emscripten/test ./usr/share/emscripten
  rm "$deb"
  npm_archive acorn "$acorn_version" "$acorn_sha" node_modules/acorn
  # Emscripten reads this file beside itself, so no environment variable is needed to use it.
  cat >.emscripten <<CONFIG
LLVM_ROOT = '/usr/lib/llvm-$llvm/bin'
BINARYEN_ROOT = '$lrlab_cache/binaryen-$binaryen_version'
NODE_JS = '$(command -v node)'
CACHE = '$lrlab_cache/emscripten-$emscripten_version/cache'
CONFIG
}

fetch_binaryen() {
  npm_archive binaryen "$binaryen_version" "$binaryen_sha" "$1"
  chmod +x "$1"/bin/wasm*
}

# npm_archive NAME VERSION SHA256 FOLDER: the package as published, no dependencies, no scripts.
npm_archive() {
  local tmp
  tmp=$(mktemp -d)
  (cd "$tmp" && npm pack --silent "$1@$2") || { echo "npm could not fetch $1@$2"; return 1; }
  check "$tmp/$1-$2.tgz" "$3"
  mkdir -p "$4"
  tar xzf "$tmp/$1-$2.tgz" -C "$4" --strip-components=1
  rm -rf "$tmp"
}

fetch_imgui() {
  if [ -n "$(debian_mirror)" ]; then
    donor_update
    mkdir "$1/tar"
    (cd "$1/tar" && donor_apt source --download-only --tar-only "imgui=$imgui_version+ds-1")
    check "$1/tar/$imgui_tar" "$imgui_sha"
    tar xJf "$1/tar/$imgui_tar" -C "$1" --strip-components=1
    rm -r "$1/tar"
  else
    git clone -q --depth 1 --branch "v$imgui_version" https://github.com/ocornut/imgui.git "$1/git"
    mv "$1"/git/* "$1" && rm -rf "$1/git"
  fi
}

fetch_implot() {
  if [ -n "$(debian_mirror)" ]; then
    donor_update
    mkdir "$1/tar"
    (cd "$1/tar" && donor_apt source --download-only --tar-only monado)
    check "$1/tar/$implot_tar" "$implot_sha"
    tar xJf "$1/tar/$implot_tar" -C "$1" --strip-components=5 --wildcards '*/external/imgui/implot/*'
    rm -r "$1/tar"
  else
    git clone -q --depth 1 --branch "v$implot_version" https://github.com/epezent/implot.git "$1/git"
    mv "$1"/git/* "$1" && rm -rf "$1/git"
  fi
}

# ---- what the two commands ask for -------------------------------------------------------------

# One set-up at a time per cache: a second one waits, then finds everything there.
setup_lock() {
  mkdir -p "$lrlab_cache" || die "cannot write $lrlab_cache (set LRLAB_CACHE to another folder)"
  have flock || return 0
  exec 8>"$lrlab_cache/.lock"
  flock -n 8 || { echo "Waiting for another set-up in $lrlab_cache"; flock 8; }
}
setup_unlock() { exec 8>&-; }

# The header-only libraries and the tools every build needs.
setup_common() {
  local inc=/usr/include
  have apt-get || inc=
  need "build tools" cmake=cmake ninja=ninja-build ccache=ccache xz=xz-utils git=git \
    /etc/ssl/certs/ca-certificates.crt=ca-certificates
  if [ -n "$inc" ]; then
    need "libraries" $inc/eigen3/Eigen/Core=libeigen3-dev $inc/nlohmann/json.hpp=nlohmann-json3-dev \
      $inc/CLI/CLI.hpp=libcli11-dev $inc/doctest/doctest.h=doctest-dev
  fi
  keep "$lrlab_cache/imgui-$imgui_version" "Fetching Dear ImGui $imgui_version" \
    "no Dear ImGui: put the sources of its tag v$imgui_version and an empty file .complete into $lrlab_cache/imgui-$imgui_version" \
    fetch_imgui
  keep "$lrlab_cache/implot-$implot_version" "Fetching ImPlot $implot_version" \
    "no ImPlot: put the sources of its tag v$implot_version and an empty file .complete into $lrlab_cache/implot-$implot_version" \
    fetch_implot
}

setup_native() {
  need "the native compiler" g++=g++ /usr/bin/clang++-$llvm=clang-$llvm
  if have apt-get; then
    need "the window's libraries" /usr/include/GLFW/glfw3.h=libglfw3-dev \
      /usr/include/GL/gl.h=libgl-dev
  fi
}

# A program that was built with sanitizers needs clang's runtime; nothing else does.
need_sanitizers() {
  have apt-get || return 0
  need "the sanitizers' runtime" \
    "/usr/lib/llvm-$llvm/lib/clang/$llvm/lib/linux=libclang-rt-$llvm-dev" \
    /usr/bin/llvm-symbolizer-$llvm=llvm-$llvm
}

# The browser that tests the page and the library that drives it.
setup_browser() {
  need "the browser" /usr/bin/chromium=chromium
  local lock=$lrlab_top/tests/browser/package-lock.json have=$lrlab_top/tests/browser/node_modules
  if ! cmp -s "$lock" "$have/.lock"; then
    stage "Fetching Playwright" "npm could not fetch what tests/browser/package-lock.json names" \
      npm ci --prefix "$lrlab_top/tests/browser" --ignore-scripts --no-fund --no-audit
    cp "$lock" "$have/.lock"
  fi
}

# true if the emcc on PATH will do
emcc_will_do() {
  local v
  have emcc || return 1
  v=$(emcc --version 2>/dev/null | sed -n '1s/.* \([0-9][0-9]*\.[0-9.]*\).*/\1/p')
  [ -n "$v" ] && [ "$(printf '%s\n' "$emscripten_minimum" "$v" | sort -V | head -n1)" = "$emscripten_minimum" ]
}

setup_emscripten() {
  emcc_will_do && return 0
  have apt-get || die "no Emscripten $emscripten_minimum or later on PATH: install emsdk, see README.md, 'Other systems'"
  need "Emscripten's compiler" python3=python3 /usr/bin/clang-$llvm=clang-$llvm \
    /usr/bin/wasm-ld-$llvm=lld-$llvm /usr/bin/llvm-ar-$llvm=llvm-$llvm node=nodejs npm=npm
  keep "$lrlab_cache/emscripten-$emscripten_version" \
    "Fetching Emscripten $emscripten_version (237 MB)" \
    "no Emscripten: install $emscripten_minimum or later by hand (emsdk) and put emcc on PATH, see README.md" \
    fetch_emscripten
  keep "$lrlab_cache/binaryen-$binaryen_version" "Fetching Binaryen $binaryen_version (27 MB)" \
    "no Binaryen: install Emscripten by hand (emsdk) and put emcc on PATH, see README.md" \
    fetch_binaryen
  export PATH=$lrlab_cache/emscripten-$emscripten_version:$PATH
  export EM_CONFIG=$lrlab_cache/emscripten-$emscripten_version/.emscripten
}

# configure PRESET: only when there is something to configure; ninja does it again when a
# CMakeLists changes.
configure() {
  local dir=$lrlab_top/build/$1 werror=${LRLAB_WERROR:-OFF} wrap= tool
  # A build folder of a clone that was moved, or of a compiler that is gone, is of no use.
  if [ -e "$dir/CMakeCache.txt" ]; then
    tool=$(sed -nE 's/^CMAKE_(CXX_COMPILER|TOOLCHAIN_FILE):[A-Z]+=//p' "$dir/CMakeCache.txt" | head -n 1)
    if [ ! -e "$tool" ] ||
      ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$lrlab_top" "$dir/CMakeCache.txt"; then
      rm -rf "$dir" 2>/dev/null || die "cannot write $dir: made by another user? Remove it first"
    fi
  fi
  if [ -e "$dir/build.ninja" ] && grep -qx "LRLAB_WERROR:BOOL=$werror" "$dir/CMakeCache.txt"; then
    return 0
  fi
  [ "$1" = web ] && wrap=emcmake
  stage "Configuring $1" "CMake could not configure the preset $1: the lines above say why" \
    $wrap cmake --preset "$1" -S "$lrlab_top" -DLRLAB_WERROR="$werror"
}

# build PRESET TARGET...; two at a time in one folder would spoil it, so the second one waits
build() {
  local preset=$1
  shift
  mkdir -p "$lrlab_top/build"
  if have flock; then
    exec 7>"$lrlab_top/build/.lock"
    flock 7
  fi
  configure "$preset"
  stage "Building $preset: $*" "the build of $preset failed: the lines above say where" \
    cmake --build "$lrlab_top/build/$preset" --target "$@"
  exec 7>&-
}
