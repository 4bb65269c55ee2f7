"""The plan as a person reads it."""

from tests.support.ir import component, conda, given, node, out, pipeline, planned

from mlc.ir.dump import to_text


def test_the_whole_text():
    make = component(
        "make",
        "python make.py --n ${{inputs.n}} $[[--s ${{inputs.s}}]]\n",
        {"n": "integer", "s": "string?"},
        {"images": "uri_folder"},
        environment=conda(python="3.11", pip=("pandas", "numpy"), name="data"),
    )
    use = component("use", "ls", {"x": "uri_folder"}, is_deterministic=False)
    plan = planned(
        pipeline(
            node("first", make, {"n": given("count")}, {"images": "result"}, compute="gpu-cluster"),
            node("use", use, {"x": out("first", "images")}, environment_variables=(("A", "1"),), timeout=60),
            inputs={"count": "integer=3"},
            outputs=("result",),
            display_name="A Demo",
        )
    )
    assert (
        to_text(plan)
        == """\
pipeline  demo  (A Demo)
source    pipeline.yml

inputs
  count  integer  = 3

steps (2)

  1. first  [make]
      environment  data
      machine      1 GPU (compute gpu-cluster)
      in   n       integer     <- count
      in   s       string?     <- nothing
      out  images  uri_folder  -> volume first-images
      $ python make.py --n ${{inputs.n}} $[[--s ${{inputs.s}}]]

  2. use
      environment  python
      timeout      60 s
      reuse        never: runs every time
      A =          1
      in  x  uri_folder  <- first.images
      $ ls

environments (2)
  data    ubuntu:24.04 + Python 3.11, 2 requirements by uv  for first
  python  python:3.11, as it is                             for use

outputs
  result  <-  first.images
"""
    )


def test_hostile_text_stays_on_its_line():
    plan = planned(pipeline(node("a", component()), inputs={"x": "string=a\nb"}))
    assert "= a\\nb" in to_text(plan)


def test_local_data_is_shown_from_where_one_stands():
    plan = planned(pipeline(node("a", component()), inputs={"x": "string=../y", "d": "uri_folder=../../data"}))
    assert "d  uri_folder  = data\n" in to_text(plan, "out/demo")
    assert "x  string      = ../y\n" in to_text(plan, "out/demo")
    assert "= ../../data" in to_text(plan)
