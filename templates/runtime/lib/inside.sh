# shellcheck shell=sh
# Quotings that are rare: escapes, and what only stands inside of other programs.

# Between $' and ': numbers of characters, which a shell that does not know this quote leaves as they are.
add_ansi() {
    if ends_escaped "$_out"; then
        _out=$_out\\
    fi
    replace "$_value" "\\" '\134'
    replace "$_text" "'" '\047'
    _out=$_out$_text
}

add_backtick() {
    escape "$_value"
    _out=$_out$_text
}

# In a program of another language, or one that is pieced together: text in which no language finds a command.
add_plain() {
    case $_value in
        *[[:cntrl:]\'\"\`\\\$\;\&\|\<\>\(\)\{\}\*\?\~\!\#^]* | *'['* | *']'*)
            refuse "the value of $_ref becomes part of a program, so that it must be plain text, without quotes and \
signs that mean something there: '$_value'"
            ;;
    esac
    _out=$_out$_value
}
