# shellcheck shell=sh
# One function per quoting: each adds _value (of the port _ref, of the kind _kind) to the command in _out, so that a
# shell finds its text there and evaluates none of it. _field is the author's text that follows.

# replace TEXT CHARACTER NEW: _text becomes TEXT with NEW for every CHARACTER. Linear, unlike a loop of ${x#...}.
replace() {
    _text=$1
    case $1 in *"$2"*) ;; *) return 0 ;; esac
    _new=$3
    IFS=$2
    # shellcheck disable=SC2086 # the split; the x saves a last empty piece
    set -- ${1}x
    IFS=$_blanks
    _text=$1
    shift
    for _piece; do
        _text=$_text$_new$_piece
    done
    _text=${_text%x}
}

# escape TEXT: _text becomes TEXT with a backslash before \ $ and `.
escape() {
    replace "$1" "\\" "\\\\"
    replace "$_text" '$' "\\\$"
    replace "$_text" '`' '\`'
}

# end_plainly BACKSLASH: what the author wrote right before a value must not act on it. A dollar stands for itself; a
# lone backslash does so too ("keep") or goes ("drop"); behind ${ only the name of a variable can stand.
end_plainly() {
    if ends_escaped "$_out"; then
        _out=${_out%?}
        [ "$1" = drop ] || _out=$_out\\\\
        return
    fi
    case $_out in
        *\$) ends_escaped "${_out%?}" || _out=${_out%?}\\\$ ;;
        *'${' | *'${!' | *'${#')
            case $_value in
                [0-9]* | *[!A-Za-z0-9_]*) refuse "the value of $_ref is used as the name of a variable: '$_value'" ;;
            esac
            ;;
    esac
}

# ends_escaped TEXT: whether what follows TEXT is escaped: an odd number of backslashes stands at its end.
ends_escaped() {
    _tail=${1##*[!\\]}
    [ $((${#_tail} % 2)) = 1 ]
}

# Outside of quotes: a word for every word of a value; a path is one word. A number stays bare for {1..3}, unless it
# would become the number of a redirection.
add_words() {
    end_plainly drop
    [ -n "$_value" ] || return 0
    _gap=''
    set -- "$_value"
    if [ "$_kind" = value ]; then
        case $_value in [$_blanks]*) _gap=' ' ;; esac
        # shellcheck disable=SC2086 # the split
        set -- $_value
    fi
    if [ $# = 1 ] && is_count "$1"; then
        _out=$_out$_gap$1 _gap=' '
        shift
    fi
    for _word; do
        replace "$_word" "'" "'\\''"
        _out=$_out$_gap\'$_text\' _gap=' '
    done
    case $_kind$_value in value*[$_blanks]) _out="$_out " ;; esac
}

# Behind NAME=: always one word, because a second one would be a command.
add_assigned() {
    end_plainly drop
    [ -n "$_value" ] || return 0
    replace "$_value" "'" "'\\''"
    _out=$_out\'$_text\'
}

# is_count WORD: whether it is digits only, and no redirection follows, nor what might hide one.
is_count() {
    case $1 in '' | *[!0-9]*) return 1 ;; esac
    case $_field in [\<\>\\\'\"\`]*) return 1 ;; esac
}

add_single() {
    replace "$_value" "'" "'\\''"
    _out=$_out$_text
}

add_double() {
    end_plainly keep
    escape "$_value"
    replace "$_text" '"' '\"'
    _out=$_out$_text
}

add_comment() {
    replace "$_value" "$_newline" ' '
    _out=$_out$_text
}

add_number() {
    _mantissa=${_value#[-+]} _exponent=0
    case $_mantissa in
        *[eE]*) _exponent=${_mantissa#*[eE]} _mantissa=${_mantissa%%[eE]*} ;;
    esac
    case $_mantissa in '' | . | *[!0-9.]* | *.*.*) refuse_number ;; esac
    case ${_exponent#[-+]} in '' | *[!0-9]*) refuse_number ;; esac
    _out=$_out$_value
}

refuse_number() {
    refuse "the value of $_ref stands in arithmetic and must be a number: '$_value'"
}
