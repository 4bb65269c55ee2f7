# shellcheck shell=sh
# What goes in and out of the step. For a port NAME there are _kind_NAME (value, data, none; folder, file), _value_NAME
# (the text that the command gets) and _producer_NAME (the task whose output it is).

# variable NAME: _variable becomes NAME as a part of the name of a variable: a dot becomes two underscores, a hyphen one.
variable() {
    _variable=$1
    while :; do
        case $_variable in
            *.*) _variable=${_variable%%.*}__${_variable#*.} ;;
            *-*) _variable=${_variable%%-*}_${_variable#*-} ;;
            '' | *[!A-Za-z0-9_]*) refuse "'$1' is not a name of an input or output" ;;
            *) break ;;
        esac
    done
}

# keep PREFIX KIND VALUE PRODUCER: remember what is known of the port in _variable.
keep() {
    eval "_kind_$1$_variable=\$2 _value_$1$_variable=\$3 _producer_$1$_variable=\$4"
}

# recall PREFIX NAME: _kind, _value and _producer of a port, an input (in_) or an output (out_); fails for a stranger.
recall() {
    variable "$2"
    eval "_kind=\${_kind_$1$_variable-} _value=\${_value_$1$_variable-} _producer=\${_producer_$1$_variable-}"
    [ -n "$_kind" ]
}

read_inputs() {
    _inputs=''
    while read -r _name _kind _more; do
        [ -n "$_name" ] || continue
        _inputs="$_inputs $_name"
        variable "$_name"
        case $_kind in
            none) keep in_ none '' '' ;;
            value | 'value?') read_value ;;
            data | 'data?') read_data ;;
            place) keep in_ place "$MLC_ROOT/inputs/$_name" '' ;;
            *) refuse "the input $_name is of the unknown kind '$_kind'; launcher and bundle differ" ;;
        esac
    done <<EOT
${MLC_INPUTS-}
EOT
}

# A value is one text, or texts and files with the values that other tasks gave.
read_value() {
    eval "_value=\${MLC_INPUT_$_variable-}"
    add_parts "$_more"
    [ -n "$_value" ] || eval "_value=\${MLC_DEFAULT_$_variable-}"
    if [ -z "$_value" ] && [ "$_kind" = 'value?' ]; then
        keep in_ none '' ''
    else
        keep in_ value "$_value" ''
    fi
}

# add_parts WORDS: _value grows by numbered texts, and by the content of files with values.
add_parts() {
    for _word in $1; do
        case $_word in
            *[!0-9]*)
                _path=$MLC_ROOT/values/${_word#'~'}
                [ -r "$_path" ] || refuse "the value of the input $_name is not there: $_path. Its step did not write it"
                # The x keeps line breaks at the end, which $(...) drops.
                _text=$(cat "$_path" && echo x) _text=${_text%x}
                case $_word in '~'*) without_breaks ;; esac
                _value=$_value$_text
                ;;
            *) eval "_value=\$_value\${MLC_PART_${_variable}_$_word-}" ;;
        esac
    done
}

# without_breaks: _text loses the line breaks at its end, as of $(...), and those of Windows.
without_breaks() {
    while :; do
        case $_text in
            *"$_newline") _text=${_text%"$_newline"} _text=${_text%"$_return"} ;;
            *) break ;;
        esac
    done
}

read_data() {
    eval "_path=\${MLC_INPUT_$_variable-} _given=\${MLC_GIVEN_$_variable-}"
    if [ "$_kind" = 'data?' ] && [ -z "$_given" ]; then
        keep in_ none '' ''
        return
    fi
    case $_more in */*) add_below ;; esac
    if [ -n "$_more" ] && read_content "$_more" && [ -n "$_file" ]; then
        _path=$_file${_path:+/$_path}
    fi
    _path=$MLC_ROOT/inputs/$_name${_path:+/$_path}
    if [ ! -e "$_path" ]; then
        _from=${_more:+the step $_more did not write it}
        refuse "the input $_name is not there: $_path: ${_from:-see the paths in .env}"
    fi
    keep in_ data "$_path" "$_more"
}
