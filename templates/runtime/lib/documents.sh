# shellcheck shell=sh
# Values in here-documents, where a line of a value must not be the line that ends the document.

# In a here-document every line of the value starts with an expansion of nothing: so it cannot be the delimiter.
add_heredoc() {
    _documents=yes
    end_plainly keep
    [ -n "$_value" ] || return 0
    escape "$_value"
    _gap=''
    while IFS= read -r _line; do
        _out="$_out$_gap\${MLC_NONE-}$_line" _gap=$_newline
    done <<EOT
$_text
EOT
}

# With a quoted delimiter nothing can be escaped: a value that would end the document is refused.
add_raw() {
    _documents=yes
    _lines=${_out##*"$_newline"}$_value _open=yes
    case $_depth$_field in 0*"$_newline"*) _lines=$_lines${_field%%"$_newline"*} _open='' ;; esac
    while IFS= read -r _line; do
        while :; do
            case $_line in "$_tab"*) _line=${_line#?} ;; *) break ;; esac
        done
        _last=$_line
        ! ends_document "$_line" || refuse_raw
    done <<EOT
$_lines
EOT
    if [ -n "$_open" ] && [ -n "$_last" ]; then
        ! ends_document "$_last" '*' || refuse_raw
    fi
    _out=$_out$_value
}

# ends_document LINE [PATTERN]: whether LINE (and what PATTERN stands for) is a delimiter of the command.
ends_document() {
    case $_newline${MLC_DELIMITERS-}$_newline in
        *"$_newline$1"${2-"$_newline"}*) return 0 ;;
        *) return 1 ;;
    esac
}

refuse_raw() {
    refuse "the value of $_ref has a line that would end the here-document it stands in"
}
