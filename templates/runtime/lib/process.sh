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
    check_documents
    _starting=yes
    (
        trap - EXIT INT TERM HUP
        cd "$_scratch/code" || exit 125
        set_environment
        start
    ) </dev/null &
    _child=$! _starting=''
    [ -z "$_stopped" ] || pass_on "$_passed"
    watch
    while :; do
        _woken=''
        wait "$_child"
        _status=$?
        [ -n "$_woken" ] || break
    done
    end_group
    judge
}

# check_documents: behind a syntax error a shell may take the lines of a here-document, and so a value, for commands.
check_documents() {
    [ -n "$_documents" ] || return 0
    printf '%s\n' "$_out" >"$_scratch/command"
    case $_shell in */bash) set -- -O extglob -n ;; *) set -- -n ;; esac
    "$_shell" "$@" "$_scratch/command" </dev/null || refuse 'the command is not one that the shell can read'
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
    # shellcheck disable=SC2086 # two words
    set -- $_group "$@"
    # First of all, so that whatever has a group of its own hears INT.
    [ -z "$_default" ] || set -- env --default-signal=INT,QUIT "$@"
    # A signal that came before this process had forgotten the launcher's traps.
    [ ! -e "$_scratch/stopped" ] || exit 143
    exec "$@"
}

# stop NAME NUMBER: a signal for the launcher is one for the command.
stop() {
    _woken=yes _stopped=$2 _passed=$1
    [ -n "$_child$_starting" ] || exit "$((128 + $2))"
    [ "$1$_default" != INT ] || _passed=TERM
    : >"$_scratch/stopped"
    [ -n "$_starting" ] || pass_on "$_passed"
}

# pass_on NAME: to the group of processes; as long as there is none, to the process that will have it and is deaf to INT.
pass_on() {
    kill -s "$1" -- "-$_child" 2>/dev/null && return
    case $1 in INT) set -- TERM ;; esac
    kill -s "$1" "$_child" 2>/dev/null
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
