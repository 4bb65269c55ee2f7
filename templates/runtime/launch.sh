#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# Runs one step of the pipeline. Needs a POSIX shell and the core utilities (busybox is enough).
#
#   1. read the inputs and outputs of the step from the MLC_* variables        ports, outputs
#   2. compute the step's key; if nothing changed, say so and stop             key, files, reason
#   3. put the values into the command, as data: nothing in them is evaluated  command, quoting, inside, documents
#   4. run it in a writable copy of the code, pass on signals and its status   place, environment, process
#   5. record what was run, last and at once                                   key
#
# Exit status: the command's own; 124 after a timeout; 125 if the command could not be started; 128+n after signal n.
# Variables of the launcher start with an underscore, so that none of the author's is changed by accident.

set -fu
umask 022
_locale=${LC_ALL-} _had_locale=${LC_ALL+yes}
export LC_ALL=C
_newline='
'
_tab=$(printf '\t')
_return=$(printf '\r')
_blanks=" $_tab$_newline"
IFS=$_blanks

case $0 in
    /*) _runtime=${0%/*} ;;
    */*) _runtime=$PWD/${0%/*} ;;
    *) _runtime=$PWD ;;
esac
MLC_ROOT=${MLC_ROOT:-/mlc}
_state=$MLC_ROOT/state/${MLC_STEP:?names the step to run}
_scratch='' _locked='' _heart='' _child='' _starting='' _stopped=''

say() {
    printf 'mlc: %s: %s\n' "$MLC_STEP" "$1"
}

warn() {
    printf 'mlc: %s: %s\n' "$MLC_STEP" "$1" >&2
}

# refuse WORDS: the command cannot be started.
refuse() {
    warn "error: $1"
    exit 125
}

# shellcheck source=lib/files.sh
. "$_runtime/lib/files.sh"
# shellcheck source=lib/ports.sh
. "$_runtime/lib/ports.sh"
# shellcheck source=lib/below.sh
. "$_runtime/lib/below.sh"
# shellcheck source=lib/outputs.sh
. "$_runtime/lib/outputs.sh"
# shellcheck source=lib/key.sh
. "$_runtime/lib/key.sh"
# shellcheck source=lib/reason.sh
. "$_runtime/lib/reason.sh"
# shellcheck source=lib/command.sh
. "$_runtime/lib/command.sh"
# shellcheck source=lib/quoting.sh
. "$_runtime/lib/quoting.sh"
# shellcheck source=lib/inside.sh
. "$_runtime/lib/inside.sh"
# shellcheck source=lib/documents.sh
. "$_runtime/lib/documents.sh"
# shellcheck source=lib/going.sh
. "$_runtime/lib/going.sh"
# shellcheck source=lib/place.sh
. "$_runtime/lib/place.sh"
# shellcheck source=lib/environment.sh
. "$_runtime/lib/environment.sh"
# shellcheck source=lib/process.sh
. "$_runtime/lib/process.sh"

trap 'ended "$?"' EXIT
trap 'stop INT 2' INT
trap 'stop TERM 15' TERM
trap 'stop HUP 1' HUP

mkdir -p "$_state" 2>/dev/null && [ -w "$_state" ] || refuse "the user $(id -u) cannot write to $_state. \
The volume belongs to another user: run as that user (MLC_UID in .env), or remove it (docker compose down --volumes)"

after_failures
read_inputs
read_outputs
make_key
if unchanged; then
    say 'skipped: nothing changed since its last run'
    exit 0
fi
render_command
lock
# Another launcher may have run this step while this one waited.
if unchanged; then
    say 'skipped: nothing changed since its last run, which has just ended'
    exit 0
fi
say "runs: $(reason)"
begin
clean_outputs
copy_code
run_command
check_outputs
record
say 'done'
