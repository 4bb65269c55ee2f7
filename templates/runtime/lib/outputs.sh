# shellcheck shell=sh
# The outputs of the step: what there is before the command, and what must be there after it.

# read_outputs: _outputs becomes the names; the value of a port is the path that the command gets.
read_outputs() {
    _outputs=''
    while read -r _name _kind; do
        [ -n "$_name" ] || continue
        _outputs="$_outputs $_name"
        variable "$_name"
        eval "_path=\${MLC_OUTPUT_$_variable-}"
        keep out_ "$_kind" "$MLC_ROOT/outputs/$_name${_path:+/$_path}" ''
    done <<EOT
${MLC_OUTPUTS-}
EOT
}

# clean_outputs: folders are there and empty; files are not there, their folders are. What a step that fetches data
# has in its outputs stays: it knows itself what is still good.
clean_outputs() {
    for _name in $_outputs; do
        _folder=$MLC_ROOT/outputs/$_name
        mkdir -p "$_folder" 2>/dev/null
        ready "$_folder" || refuse "the user $(id -u) cannot write to the output $_name ($_folder). \
The volume belongs to another user: run as that user (MLC_UID in .env), or remove it (docker compose down --volumes)"
        recall out_ "$_name"
        [ "$_kind" = folder ] || mkdir -p "${_value%/*}"
    done
}

ready() {
    [ -w "$1" ] && { [ -n "${MLC_KEEP-}" ] || empty "$1"; }
}

# check_outputs: after the command; an output named artifacts that stayed empty gets ./outputs and ./logs.
check_outputs() {
    for _name in $_outputs; do
        recall out_ "$_name"
        if [ "$_kind" = value ] && [ ! -f "$_value" ]; then
            refuse "the output $_name has no value: the command did not write $_value"
        elif [ "$_kind" = file ] && [ ! -e "$_value" ]; then
            warn "warning: the output $_name is missing: the command did not write $_value"
        elif [ "$_name" = artifacts ] && [ "$_kind" = folder ] && [ -z "$(ls -A "$_value")" ]; then
            for _folder in outputs logs; do
                [ ! -d "$_scratch/code/$_folder" ] || cp -R "$_scratch/code/$_folder" "$_value/"
            done
        fi
    done
}
