echo "$@" > "$5/said"
