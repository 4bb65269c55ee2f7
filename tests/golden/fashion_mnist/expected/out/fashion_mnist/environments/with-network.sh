#!/bin/sh
# with-network.sh COMMAND...: runs a command of a build with what this site's network needs.
#
# The secret mlc-network holds lines NAME=value: proxies, package indexes, where the secrets mlc-ca and mlc-netrc are.
# Secrets are mounted for one RUN only; none of them is in a layer, in the history, or in the build's cache.
# Where the bundle brings its packages, they are all there is, and no network is asked.
if [ -r /tmp/mlc/network ]; then
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            [A-Za-z_]*=*) export "${line?}" ;;
        esac
    done </tmp/mlc/network
fi
if [ -d /tmp/mlc/wheels ]; then
    unset UV_INDEX UV_DEFAULT_INDEX PIP_INDEX_URL PIP_EXTRA_INDEX_URL
    export UV_OFFLINE=1 UV_NO_INDEX=1 UV_FIND_LINKS=/tmp/mlc/wheels PIP_NO_INDEX=1 PIP_FIND_LINKS=/tmp/mlc/wheels
fi
exec "$@"
