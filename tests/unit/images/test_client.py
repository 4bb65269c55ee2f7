"""Connections to the engine where Docker's configuration is not what its library expects."""

import pytest

from mlc.diagnostics import MlcError
from mlc.images.client import connect
from mlc.images.engine import Endpoint


@pytest.mark.parametrize(
    ("text", "what"), [("[1]", "configuration"), ('"x"', "configuration"), ("{broken", "cannot be reached")]
)
def test_a_broken_configuration_of_docker_is_no_traceback(tmp_path, monkeypatch, text, what):
    (tmp_path / "config.json").write_text(text)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with pytest.raises(MlcError) as stopped:
        connect(Endpoint(url=f"unix://{tmp_path}/no.sock", origin="test"))
    assert stopped.value.diagnostic.code == "E652"
    assert what in stopped.value.diagnostic.what
