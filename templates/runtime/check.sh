#!/bin/sh
# Fails if a step failed, in a pipeline that goes on after failures: their own containers end well. See lib/going.sh.

_failed=0
for _step in ${MLC_STEPS-}; do
    _note=${MLC_ROOT:-/mlc}/state/$_step/failed
    [ -r "$_note" ] || continue
    read -r _status <"$_note"
    case $_status in
        skipped) printf 'mlc: %s was not run: it needs a step that failed\n' "$_step" ;;
        *) printf 'mlc: %s failed with exit status %s\n' "$_step" "$_status" ;;
    esac
    _failed=1
done
exit "$_failed"
