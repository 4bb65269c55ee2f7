"""Where mlc's verdict on a file of the corpus is another one than the reference's, and why.

The reference's client looks at shapes only and leaves graphs and values to the service (azureml.md A8); mlc has no
service, so it says at once what would fail there, or would compute something else than was said.
"""

STRICTER = {
    "an input of the pipeline is named that it does not have (A8, 10)": {
        "components/nested_pipeline_component_with_group.yml",
        "components/pipeline_component_with_group.yml",
    },
    "an expression that means nothing would be text where data is needed (A8, 12)": {
        "pipeline_jobs/type_contract/path.yml",
    },
    "an input that the component does not have, and a value of the wrong type (A8, 3 and 4)": {
        "dsl_pipeline/pipeline_with_pipeline_component/pipeline.yml",
        "dsl_pipeline/pipeline_with_pipeline_component/pipeline_register_output.yml",
    },
    "a command uses an input that is not declared (A8, 14)": {"pipeline_jobs/pipeline_job_number_type.yml"},
    "an optional input outside of brackets (A8, 15)": {"dsl_pipeline/dynamic_input_do_while/component.yml"},
}
"""The reference takes these files, mlc does not."""

KINDER = {
    "a compute is a name to mlc, and nothing needs one (azureml.md, 'Where mlc differs')": {
        "pipeline_jobs/invalid/combo.yml",
        "pipeline_jobs/serverless_compute/none_pipeline_default_compute_invalid/pipeline.yml",
        "pipeline_jobs/singularity/pipeline_job_no_compute.yml",
    },
}
"""mlc takes these files, the reference does not."""
