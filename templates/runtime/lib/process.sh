# shellcheck shell=sh
# The command as a process: signals, time limit, exit status.

# run_command: returns only after success.
run_command() {
    _shell=$(command -v bash || command -v sh)
    # Either makes a group of processes, which can be signalled as a whole.
    _group='' _default=''
    if command -v setsid >/dev/null 2>&1; then
        _group=setsid
    elif command -v timeout >/dev/null 2>&1; then
        _group='timeout 0'
    fi
    # A shell starts background processes deaf to INT; only this env can undo that.
    env --default-signal=INT,QUIT true 2>/dev/null && _default=yes
    (
        trap - EXIT INT TERM HUP
        cd "$_scratch/code" || exit 125
        set_environment
        start
    ) </dev/null &
    _child=$!
    watch
    _stopped=''
    while :; do
        _signal=''
        wait "$_child"
        _status=$?
        [ -n "$_signal" ] || break
        _stopped=$_signal
    done
    end_group
    judge
}

# start: become the command.
start() {
    if [ "${#_out}" -gt 100000 ]; then
        # Longer than one argument may be.
        printf '%s\n' "$_out" >"$_scratch/command"
        set -- "$_shell" "$_scratch/command"
    else
        set -- "$_shell" -c "$_out"
    fi
    [ -z "$_default" ] || set -- env --default-signal=INT,QUIT "$@"
    # shellcheck disable=SC2086 # two words
    exec $_group "$@"
}

# stop NAME NUMBER: a signal for the launcher is one for the command.
stop() {
    _signal=$2
    [ -n "$_child" ] || exit "$((128 + $2))"
    if [ "$1" = INT ] && [ -z "$_default" ]; then
        pass_on TERM
    else
        pass_on "$1"
    fi
}

pass_on() {
    kill -s "$1" -- "-$_child" 2>/dev/null || kill -s "$1" "$_child" 2>/dev/null
}

# watch: in the background; after the time limit TERM, ten seconds later KILL.
watch() {
    _watch=''
    [ -n "${MLC_TIMEOUT-}" ] || return 0
    (
        trap - EXIT INT HUP
        trap 'kill "$_sleep" 2>/dev/null; exit' TERM
        sleep "$MLC_TIMEOUT" &
        _sleep=$!
        wait "$_sleep"
        : >"$_scratch/late"
        pass_on TERM
        sleep 10 &
        _sleep=$!
        wait "$_sleep"
        pass_on KILL
    ) >/dev/null 2>&1 </dev/null &
    _watch=$!
}

# end_group: what the command left running in the background ends with it, as in a container.
end_group() {
    [ -z "$_watch" ] || kill "$_watch" 2>/dev/null
    if [ -n "$_group" ] && kill -s TERM -- "-$_child" 2>/dev/null; then
        sleep 1
        kill -s KILL -- "-$_child" 2>/dev/null
    fi
    _child=''
}

# judge: say what went wrong, if anything, and exit with the status for it.
judge() {
    if [ -n "$_stopped" ]; then
        warn 'stopped by a signal'
        exit "$((128 + _stopped))"
    elif [ -e "$_scratch/late" ]; then
        warn "error: stopped after $MLC_TIMEOUT s, its time limit"
        exit 124
    elif [ "$_status" != 0 ]; then
        warn "error: the command failed with exit status $_status"
        exit "$_status"
    fi
}
