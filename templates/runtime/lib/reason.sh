# shellcheck shell=sh
# Why a step runs: the facts of its last run compared with those of now.

# reason: why the step runs, in words.
reason() {
    if [ "${MLC_REUSE-1}" != 1 ] || [ -n "${MLC_FORCE-}" ]; then
        printf 'it is to run always'
    elif [ -r "$_state/done" ]; then
        _old=$_newline$(cat "$_state/done")$_newline _reasons=''
        while IFS= read -r _line; do
            case $_old in *"$_newline$_line$_newline"*) ;; *) differs "$_line" ;; esac
        done <<EOT
$_facts
EOT
        case $_old in *"${_newline}plan ${MLC_KEY-}$_newline"*) ;; *) : "${_reasons:=, its settings changed}" ;; esac
        : "${_reasons:=, its outputs were changed or lost}"
        printf '%s' "${_reasons#, }"
    elif [ -e "$_state/started" ]; then
        printf 'its last run did not succeed'
    else
        printf 'its first run'
    fi
}

# differs LINE: add to _reasons what a fact means that was not there in the last run.
differs() {
    _what=${1%% *} _rest=${1#* }
    _name=${_rest%% *}
    _now=${_rest#"$_name"}
    case $_what in
        plan) return ;;
        part) case $_name in image) _why='its environment changed' ;; *) _why="its $_name changed" ;; esac ;;
        value | below)
            _why="the value of $_name changed"
            [ "$_what" = value ] || _why="the path of $_name changed"
            case $_old in
                *"$_newline$_what $_name "*)
                    _was=${_old#*"$_newline$_what $_name "}
                    _why="$_why from '${_was%%"$_newline"*}' to '${_now# }'"
                    ;;
            esac
            ;;
        data | content) _why="the data of $_name changed" ;;
        from) _why="its input $_name was made anew by ${_now# }" && _why=${_why% *} ;;
        ended)
            _why='other steps have run'
            case $_reasons in *"$_why"*) return ;; esac
            ;;
        none) _why="$_name has no value any more" ;;
    esac
    _reasons="$_reasons, $_why"
}
