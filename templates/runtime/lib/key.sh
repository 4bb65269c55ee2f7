# shellcheck shell=sh
# What a step depends on, and what it was last run with.
#
# state/<step>/done is written last and moved into place: `key HEX`, `outputs HEX` (the fingerprint of the outputs), then
# a line per fact: `plan HEX`, `part command|code|image HEX`, `value NAME TEXT`, `data NAME HEX`, `from NAME TASK KEY`,
# `content NAME HEX`, `below NAME PATH`, `none NAME`, `ended TASK KEY|ID`, `always ID`. The key is the digest of the
# facts. state/<step>/started: a run began and did not succeed. state/<step>/content: what a step that fetched data left to tell it by (see read_content).

fact() {
    _facts=$_facts$_newline$1
}

# make_key: _facts and _key.
make_key() {
    _facts="plan ${MLC_KEY-}"
    for _part in ${MLC_PARTS-}; do
        fact "part ${_part%%=*} ${_part#*=}"
    done
    for _name in $_inputs; do
        recall in_ "$_name"
        case $_kind in
            none) fact "none $_name" ;;
            value)
                one_line "$_value"
                fact "value $_name $_line"
                ;;
            data)
                data_fact
                eval "_value=\${_below_$_variable-}"
                one_line "$_value"
                [ -z "$_value" ] || fact "below $_name $_line"
                ;;
        esac
    done
    for _name in ${MLC_ENDED-}; do
        fact "ended $_name $(last_key "$_name")"
    done
    [ "${MLC_REUSE-1}" = 1 ] || fact "always $(new_id)"
    _key=$(printf '%s' "$_facts" | digest)
    [ -n "$_key" ] || refuse 'sha256sum does not work in this image'
}

new_id() {
    read -r _id 2>/dev/null </proc/sys/kernel/random/uuid || _id=$$-$(date +%s)
    printf '%s' "$_id"
}

# last_key TASK: what it was run with; never the same again if it failed, or was not run because another one did.
last_key() {
    if [ ! -e "$MLC_ROOT/state/$1/failed" ] && read -r _word _id 2>/dev/null <"$MLC_ROOT/state/$1/done"; then
        printf '%s' "$_id"
    else
        new_id
    fi
}

# one_line TEXT: _line becomes TEXT, or a digest of it if it is long or has line breaks.
one_line() {
    _line=$1
    case $1 in *"$_newline"*) _line='' ;; esac
    if [ -z "$_line" ] && [ -n "$1" ] || [ "${#1}" -gt 200 ]; then
        _line=sha256:$(printf '%s' "$1" | digest)
    fi
}

# Another task's output is known by the digest of its content, if that task left one, else by the key of that task;
# other data is known by its content.
data_fact() {
    _known_key=''
    if [ -n "$_producer" ] && [ -r "$MLC_ROOT/state/$_producer/done" ]; then
        read -r _word _known_key <"$MLC_ROOT/state/$_producer/done"
    fi
    if [ -n "$_known_key" ] && read_content "$_producer"; then
        fact "content $_name $_content"
    elif [ -n "$_known_key" ]; then
        fact "from $_name $_producer $_known_key"
    else
        identity "$_value"
        fact "data $_name $_identity"
    fi
}

# unchanged: whether the step was run with this key and its outputs are as they were left.
unchanged() {
    [ "${MLC_REUSE-1}" = 1 ] && [ -z "${MLC_FORCE-}" ] && [ -r "$_state/done" ] || return 1
    _old_key='' _old_outputs=''
    { read -r _word _old_key && read -r _word _old_outputs; } <"$_state/done"
    [ "$_old_key" = "$_key" ] || return 1
    fingerprint_outputs
    [ "$_old_outputs" = "$_fingerprint" ]
}

# begin: from here on an earlier success does not count.
begin() {
    rm -f "$_state/done" "$_state/content" && : >"$_state/started" || refuse "$_state cannot be written"
}

record() {
    fingerprint_outputs
    if printf 'key %s\noutputs %s\n%s\n' "$_key" "$_fingerprint" "$_facts" >"$_state/done.new" &&
        mv -f "$_state/done.new" "$_state/done"; then
        rm -f "$_state/started"
    else
        warn "warning: $_state cannot be written; the step will run again next time"
    fi
}
