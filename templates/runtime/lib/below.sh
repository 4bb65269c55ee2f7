# shellcheck shell=sh
# Where data is below its mount, as far as that is only known when the step starts.

# add_below: what stands in _more behind a slash are the parts of a path that is only known now; _path grows by it.
add_below() {
    _fixed=$_path _value=''
    add_parts "${_more#*/}"
    _more=${_more%%/*} _more=${_more% }
    case /$_value/ in
        // | *"$_newline"* | *"$_return"* | //* | */../*)
            one_line "$_value"
            refuse "the input $_name cannot be '$_line' below its data: it takes the path of a file or folder in there, \
which is not empty, does not begin with a slash, and has no '..' and no line break"
            ;;
    esac
    eval "_below_$_variable=\$_value"
    _path=${_fixed:+$_fixed/}${_value%/}
}

# read_content TASK: _content and _file (empty for a folder) become what a step left that knows them only when it runs.
read_content() {
    _content='' _file=''
    [ -r "$MLC_ROOT/state/$1/content" ] || return 1
    while read -r _word _rest; do
        case $_word in
            content) _content=$_rest ;;
            file) _file=$_rest ;;
        esac
    done <"$MLC_ROOT/state/$1/content"
    [ -n "$_content" ]
}
