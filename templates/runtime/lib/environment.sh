# shellcheck shell=sh
# What the command finds in its environment. Runs in the subshell that becomes the command.

set_environment() {
    set_network
    set_ports
    set_places
    set_ranks
    : "${MLFLOW_TRACKING_URI=file://$_store}" "${MLFLOW_ALLOW_FILE_STORE=true}" "${GIT_PYTHON_REFRESH=quiet}"
    : "${AZUREML_RUN_ID=$MLC_STEP-$(printf '%.12s' "$_key")}" "${PYTHONUNBUFFERED=1}" "${MLFLOW_RUN_NAME=$MLC_STEP}"
    # The name alone is not read by every client: tags for all runs that a script starts.
    [ -n "${MLFLOW_RUN_CONTEXT-}" ] ||
        MLFLOW_RUN_CONTEXT="{\"mlflow.runName\":\"$MLC_STEP\",\"mlc.step\":\"$MLC_STEP\"}"
    export MLFLOW_TRACKING_URI MLFLOW_ALLOW_FILE_STORE MLFLOW_RUN_CONTEXT GIT_PYTHON_REFRESH
    export AZUREML_RUN_ID PYTHONUNBUFFERED MLFLOW_RUN_NAME
    make_experiment
    unset MLC_GO_ON MLC_AFTER MLC_ENDED
    unset MLC_COMMAND MLC_DELIMITERS MLC_INPUTS MLC_OUTPUTS MLC_KEY MLC_PARTS MLC_REUSE MLC_TIMEOUT MLC_NONE MLC_FORCE MLC_KEEP
    if [ -n "$_had_locale" ]; then
        LC_ALL=$_locale
    else
        unset LC_ALL
    fi
}

# Proxies and certificate authorities of the site: lines NAME=value of a secret. They win over the image, which knows
# another site.
set_network() {
    [ -r "${MLC_NETWORK_FILE:-/run/secrets/mlc-network}" ] || return 0
    while IFS= read -r _line || [ -n "$_line" ]; do
        _name=${_line%%=*}
        case $_name in
            "$_line" | '' | [0-9]* | *[!A-Za-z0-9_]*) ;;
            *) export "$_name=${_line#*=}" ;;
        esac
    done <"${MLC_NETWORK_FILE:-/run/secrets/mlc-network}"
    unset MLC_NETWORK_FILE
}

# As the service names them; an input's name keeps its case.
set_ports() {
    for _name in $_inputs; do
        recall in_ "$_name"
        [ "$_kind" = none ] || export "AZURE_ML_INPUT_$_variable=$_value"
        [ "$_kind" != value ] || export "AZUREML_PARAMETER_$_variable=$_value"
        unset "MLC_INPUT_$_variable" "MLC_GIVEN_$_variable" "MLC_DEFAULT_$_variable"
    done
    for _name in $_outputs; do
        recall out_ "$_name"
        export "AZURE_ML_OUTPUT_$_variable=$_value"
        unset "MLC_OUTPUT_$_variable"
    done
}

# The shim comes first; a home that can be written to, and a name for who has none in the image.
set_places() {
    export PATH="$_runtime/bin:$PATH" PYTHONPATH="$_runtime/python${PYTHONPATH:+:$PYTHONPATH}"
    [ -n "${HOME-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ] || export HOME="$_scratch/home"
    : "${USER=mlc}" "${LOGNAME=$USER}"
    export USER LOGNAME
    # A path as a URI: the few characters that would mean something else in one.
    replace "$MLC_ROOT/mlflow" '%' '%25'
    replace "$_text" ' ' '%20'
    replace "$_text" '#' '%23'
    replace "$_text" '?' '%3F'
    replace "$_text" "'" '%27'
    _store=$_text
}

# One process is the whole job. The port differs between steps that share a machine.
set_ranks() {
    export AZUREML_CR_NODE_RANK="${AZUREML_CR_NODE_RANK-0}" NODE_RANK="${NODE_RANK-0}"
    export RANK="${RANK-0}" LOCAL_RANK="${LOCAL_RANK-0}" WORLD_SIZE="${WORLD_SIZE-1}"
    export MASTER_ADDR="${MASTER_ADDR-127.0.0.1}" MASTER_PORT="${MASTER_PORT-$((20000 + $$ % 10000))}"
}

# The experiment, if the store does not have it: two steps that log at once must not both create it.
make_experiment() {
    [ "$MLFLOW_TRACKING_URI" = "file://$_store" ] && [ -n "${MLFLOW_EXPERIMENT_NAME-}" ] || return 0
    replace "$MLFLOW_EXPERIMENT_NAME" "'" "''"
    _id=$(printf '%s' "$MLFLOW_EXPERIMENT_NAME" | digest)
    # As a number, like the client's own.
    _id=$((0x$(printf '%.12s' "$_id")))
    case $MLFLOW_EXPERIMENT_NAME in
        *"'"*)
            # The client cannot look up a name with a quote in it.
            export MLFLOW_EXPERIMENT_ID="$_id"
            unset MLFLOW_EXPERIMENT_NAME
            ;;
    esac
    mkdir "$MLC_ROOT/mlflow/$_id" 2>/dev/null || return 0
    _now=$(date +%s)000
    cat >"$_scratch/meta.yaml" <<EOT
artifact_location: '$MLFLOW_TRACKING_URI/$_id'
creation_time: $_now
experiment_id: '$_id'
last_update_time: $_now
lifecycle_stage: active
name: '$_text'
EOT
    mv "$_scratch/meta.yaml" "$MLC_ROOT/mlflow/$_id/meta.yaml"
}
