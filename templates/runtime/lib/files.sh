# shellcheck shell=sh
# Files and folders: walking, fingerprints (what a listing shows), identity (what is inside), emptying.

# each COMMAND...: run COMMAND with the paths of all files below the working folder; links are followed.
each() {
    if command -v find >/dev/null 2>&1; then
        find -L . \( -type f -o -type l \) -exec "$@" {} + 2>/dev/null
    else
        (set +f && walk . "$@") 2>/dev/null
    fi
}

# walk FOLDER COMMAND...: the same with nothing but a shell, one COMMAND per file.
walk() {
    for _path in "$1"/* "$1"/.[!.]* "$1"/..?*; do
        if [ -d "$_path" ]; then
            (
                shift
                walk "$_path" "$@"
            )
        elif [ -f "$_path" ] || [ -L "$_path" ]; then
            (
                shift
                "$@" "$_path"
            )
        fi
    done
}

# digest: the SHA-256 of standard input.
digest() {
    _sum=$(sha256sum) && printf '%s' "${_sum%% *}"
}

# identity PATH: _identity becomes the digest of the content of a file or folder. Content is read once: it is known
# again by paths, sizes, times and inodes, so that gigabytes are not read at every start.
identity() {
    if [ -d "$1" ]; then
        _listing=$(cd "$1" && TZ=UTC0 each stat -L -c '%n %s %y %z %i' | sort | digest)
    else
        _listing=$(TZ=UTC0 stat -L -c '%n %s %y %z %i' "$1" | digest)
    fi
    _known=$MLC_ROOT/state/known-data/$_listing _identity=''
    if [ -r "$_known" ]; then
        read -r _identity <"$_known"
    fi
    if [ -z "$_identity" ]; then
        if [ -d "$1" ]; then
            _identity=$(cd "$1" && each sha256sum | sort | digest)
        else
            _identity=$(digest <"$1")
        fi
        mkdir -p "${_known%/*}" && printf '%s\n' "$_identity" >"$_known.$$" && mv -f "$_known.$$" "$_known"
    fi
}

# fingerprint_outputs: _fingerprint becomes a digest of the names, sizes and times of everything in the outputs.
fingerprint_outputs() {
    _fingerprint=$(
        for _name in $_outputs; do
            printf '%s\n' "$_name"
            cd "$MLC_ROOT/outputs/$_name" 2>/dev/null && TZ=UTC0 each stat -c '%n %s %y' | sort
        done | digest
    )
}

# empty FOLDER: remove everything in it, not the folder itself, which may be a mount.
empty() (
    cd "$1" || exit 1
    if command -v find >/dev/null 2>&1; then
        find . ! -name . -prune -exec rm -rf -- {} + 2>/dev/null && exit 0
        chmod -R u+rwX . 2>/dev/null
        find . ! -name . -prune -exec rm -rf -- {} +
    else
        set +f
        rm -rf -- ./* ./.[!.]* ./..?*
    fi
)
