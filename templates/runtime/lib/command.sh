# shellcheck shell=sh
# The command with its values. MLC_COMMAND holds `${{QUOTING inputs.NAME}}`, optional parts in `$[[` and `]]`, and for
# text that only looks so `${{dollar}}` ($) and `${{bracket}}` (]). QUOTING says what surrounds the placeholder; a value
# is escaped for it, so that a shell finds exactly the value's text there and evaluates none of it. In a command in a
# command, as of `bash -c`, there are several, joined by +, the innermost first: each takes what the one before made.

# render_command: _out becomes the command. Splitting at $ finds every mark in one go.
render_command() {
    _out='' _depth=0 _documents=''
    IFS='$'
    # shellcheck disable=SC2086 # the split; the x saves a last empty field
    set -- ${MLC_COMMAND-}x
    IFS=$_blanks
    _field=$1
    while :; do
        shift
        [ $# -gt 0 ] || _field=${_field%x}
        add_text "$_field"
        [ $# -gt 0 ] || break
        case $1 in
            '{{'*'}}'*)
                _mark=${1%%'}}'*}
                _field=${1#"$_mark}}"}
                add_mark "${_mark#'{{'}"
                ;;
            '[['*)
                _depth=$((_depth + 1))
                eval "_before_$_depth=\$_out _complete_$_depth=yes"
                _field=${1#'[['}
                ;;
            *)
                _out=$_out\$
                _field=$1
                ;;
        esac
    done
}

# add_text TEXT: text of the author; `]]` ends an optional part, which goes if an optional input in it has no value.
add_text() {
    _text=$1
    while [ "$_depth" -gt 0 ]; do
        case $_text in *']]'*) ;; *) break ;; esac
        _out=$_out${_text%%']]'*}
        _text=${_text#*']]'}
        eval "_complete=\$_complete_$_depth _before=\$_before_$_depth"
        [ -n "$_complete" ] || _out=$_before
        _depth=$((_depth - 1))
    done
    _out=$_out$_text
}

# add_mark MARK: a placeholder or an escaped character.
add_mark() {
    case $1 in
        dollar) _out=$_out\$ && return ;;
        bracket) _out=$_out] && return ;;
    esac
    _ref=${1#* }
    case $_ref in
        inputs.*) recall in_ "${_ref#inputs.}" ;;
        outputs.*) recall out_ "${_ref#outputs.}" ;;
        *) false ;;
    esac || refuse "the command has '$1', which is neither an input nor an output; launcher and bundle differ"
    if [ "$_kind" = none ]; then
        [ "$_depth" = 0 ] || eval "_complete_$_depth=''"
        return
    fi
    _quotings=${1%% *}
    while :; do
        case $_quotings in *+*) ;; *) break ;; esac
        _around=$_out _out=''
        add_quoted "${_quotings%%+*}"
        _value=$_out _out=$_around
        _quotings=${_quotings#*+}
    done
    add_quoted "$_quotings"
}

# add_quoted QUOTING: _value, for one level of quoting.
add_quoted() {
    case $1 in
        words) add_words ;;
        assigned) add_assigned ;;
        single) add_single ;;
        double) add_double ;;
        ansi) add_ansi ;;
        backtick) add_backtick ;;
        heredoc) add_heredoc ;;
        raw) add_raw ;;
        comment) add_comment ;;
        number) add_number ;;
        plain) add_plain ;;
        *) refuse "the command has a placeholder with the unknown quoting '$1'; launcher and bundle differ" ;;
    esac
}
