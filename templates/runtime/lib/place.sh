# shellcheck shell=sh
# One launcher of a step at a time, its working folder, and what is tidied at the end.

# lock: waits until no other launcher runs this step. The holder's heart beats; without beats the lock is taken over.
lock() {
    _lock=$_state/lock _missed=0 _seen=''
    _self="$(readlink /proc/self/ns/pid 2>/dev/null) $$"
    until mkdir "$_lock" 2>/dev/null; do
        _beat=$(cat "$_lock/beat" 2>/dev/null)
        [ "$_beat" = "$_seen" ] || _missed=0 _seen=$_beat
        _holder=${_beat% *}
        if [ "${_holder% *}" = "${_self% *}" ] && [ -n "${_self% *}" ] && ! kill -0 "${_holder##* }" 2>/dev/null; then
            _missed=6
        fi
        if [ "$_missed" -ge 6 ]; then
            rm -rf "$_lock"
            continue
        fi
        [ "$_missed" != 0 ] || say 'waits: another launcher runs this step, or was killed while it did'
        _missed=$((_missed + 1))
        sleep 1
    done
    _locked=yes
    printf '%s 0\n' "$_self" >"$_lock/beat"
    (
        trap - EXIT INT TERM HUP
        _beats=0
        while sleep 2 && kill -0 $$; do
            _beats=$((_beats + 1))
            printf '%s %s\n' "$_self" "$_beats" >"$_lock/beat"
        done
    ) >/dev/null 2>&1 </dev/null &
    _heart=$!
}

# tidy: at the end, whatever the end is.
tidy() {
    [ -z "$_heart" ] || kill "$_heart" 2>/dev/null
    [ -z "$_locked" ] || rm -rf "$_lock"
    [ -z "$_scratch" ] || rm -rf "$_scratch" 2>/dev/null || {
        chmod -R u+rwX "$_scratch" && rm -rf "$_scratch"
    } 2>/dev/null
}

# copy_code: the working folder, writable, and beside it a home for who has none.
copy_code() {
    _scratch=$(mktemp -d "${MLC_WORK:-${TMPDIR:-/tmp}}/mlc.XXXXXX") ||
        refuse "no working folder can be made in ${MLC_WORK:-${TMPDIR:-/tmp}}"
    mkdir "$_scratch/code" "$_scratch/home"
    if [ -d "$MLC_ROOT/components/${MLC_COMPONENT-}" ]; then
        cp -R "$MLC_ROOT/components/${MLC_COMPONENT-}/." "$_scratch/code" && chmod -R u+rwX "$_scratch/code" ||
            refuse "the code cannot be copied to $_scratch"
    fi
    # Steps may write there without making them; a file of that name in the code stays.
    mkdir -p "$_scratch/code/outputs" "$_scratch/code/logs" 2>/dev/null || :
}
