# shellcheck shell=sh
# Pipelines that go on after a failure, under an engine that would stop them: a failure is noted, not reported.
#
# state/<step>/failed: the exit status of the last start, if it was not 0; or `skipped`.

# after_failures: a step whose producers failed fails, too. What it was last run with still counts.
after_failures() {
    rm -f "$_state/failed"
    for _name in ${MLC_AFTER-}; do
        [ -e "$MLC_ROOT/state/$_name/failed" ] || continue
        say "is not run: $_name failed"
        echo skipped >"$_state/failed" || refuse "$_state cannot be written"
        exit 0
    done
}

# ended STATUS: whatever the end is.
ended() {
    tidy
    [ "$1" != 0 ] && [ -n "${MLC_GO_ON-}" ] && [ -z "$_stopped" ] || exit "$1"
    echo "$1" 2>/dev/null >"$_state/failed" || exit "$1"
    warn 'the pipeline goes on with the steps that do not need it'
    exit 0
}
