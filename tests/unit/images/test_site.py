"""What builds and locks get of a site's network, and what nobody sees of it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.backends.plans import FASHION

from mlc.config import Network
from mlc.diagnostics import MlcError
from mlc.images.locks.hidden import hidden_in
from mlc.images.options import BuildOptions, Secret
from mlc.images.site import at_site, covered, hidden, step_variables
from mlc.ir.environment import Requirement
from mlc.ir.image import BuildDockerfile, UvInstall
from mlc.ir.plan import Plan

SITE = Network(https_proxy="http://${P}@proxy:1", index_url="https://me:${T}@h/simple", ca_bundle=Path("/site/ca.pem"))


@pytest.fixture
def variables(monkeypatch):
    monkeypatch.setenv("P", "me:pass-word")
    monkeypatch.setenv("T", "to%2Fken")


def test_without_a_site_nothing_is_added(tmp_path):
    assert at_site(BuildOptions(), FASHION, tmp_path) == BuildOptions()


def test_values_go_to_the_builders_environment_only(variables, tmp_path):
    options = at_site(BuildOptions(site=SITE), FASHION, tmp_path)
    assert options.secrets == (
        Secret(id="mlc-network", variable="MLC_NETWORK"),
        Secret(id="mlc-ca", file=Path("/site/ca.pem")),
    )
    lines = dict(options.environment)["MLC_NETWORK"].splitlines()
    assert "UV_DEFAULT_INDEX=https://me:to%2Fken@h/simple" in lines
    assert "SSL_CERT_FILE=/tmp/mlc/ca.pem" in lines
    assert "https_proxy=http://me:pass-word@proxy:1" in lines
    assert options.build_args == ()
    assert "ken" not in repr(options.hidden is None) + repr(options.secrets)


def test_a_variable_that_is_not_set_is_an_error(tmp_path, monkeypatch):
    monkeypatch.delenv("T", raising=False)
    with pytest.raises(MlcError, match="variable T, which is not set"):
        at_site(BuildOptions(site=Network(index_url="https://${T}@h/simple")), FASHION, tmp_path)


def own(tmp_path: Path, text: str) -> Plan:
    image = replace(FASHION.images[0], name="own", recipe=BuildDockerfile())
    (tmp_path / "environments" / "own").mkdir(parents=True)
    (tmp_path / "environments" / "own" / "Dockerfile").write_text(text)
    return replace(FASHION, images=(image,))


def test_an_own_dockerfile_gets_proxies_as_arguments_by_name(variables, tmp_path):
    options = at_site(BuildOptions(site=SITE), own(tmp_path, "FROM a\nRUN x\n"), tmp_path)
    assert options.build_args == (("HTTPS_PROXY", ""), ("https_proxy", ""))
    assert dict(options.environment)["HTTPS_PROXY"] == "http://me:pass-word@proxy:1"


def test_a_dockerfile_that_would_keep_the_password_does_not_get_it(variables, tmp_path):
    options = at_site(BuildOptions(site=SITE), own(tmp_path, "FROM a\nARG https_proxy\nRUN x\n"), tmp_path)
    assert options.build_args == ()


def test_credentials_of_requirements_are_passed_on(tmp_path):
    item = Requirement(text="--index-url https://${TOKEN}@h", credentials=(("TOKEN", "me:secret"),))
    recipe = FASHION.images[0].recipe
    assert isinstance(recipe, UvInstall)
    recipe = replace(recipe, requirements=(item.text,))
    plan = replace(FASHION, images=(replace(FASHION.images[0], recipe=recipe, origins=(item,)),))
    options = at_site(BuildOptions(), plan, tmp_path)
    assert dict(options.environment)["MLC_NETWORK"] == "TOKEN=me:secret"
    assert covered("is me:secret or secret", options.hidden) == "is *** or ***"


def test_every_form_of_a_secret_is_covered():
    values = hidden(SITE, {"P": "me:pass word", "T": "to%2Fken"})
    assert covered("a to%2Fken b to/ken c pass%20word d me:pass word", values) == "a *** b *** c *** d ***"


def test_steps_get_no_index(variables):
    found = step_variables(SITE, "/run/secrets/mlc-ca")
    assert found["HTTPS_PROXY"] == "http://me:pass-word@proxy:1"
    assert found["SSL_CERT_FILE"] == "/run/secrets/mlc-ca"
    assert not any(name.startswith(("UV_", "PIP_I")) for name in found)
    assert step_variables(Network(index_url="https://${UNSET_ONE}@h")) == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("http://me:pw@h:1/a.whl#sha256=1", "http://${U}:${T}@h:1/a.whl#sha256=1"),
        ("git+https://pw@g/r@1234", "git+https://${T}@g/r@1234"),
        ("https://other:x@h:1/a.whl", "https://h:1/a.whl"),
        ("git+ssh://git@g/r@1234", "git+ssh://git@g/r@1234"),
        ("https://h/a@b.whl", "https://h/a@b.whl"),
        ("", ""),
    ],
)
def test_addresses_in_a_lock_have_variables(source, expected):
    request: Any = SimpleNamespace(requirements=("a @ http://${U}:${T}@h:1/a.whl", "b @ git+https://${T}@g/r"))
    assert hidden_in(source, request, {"U": "me", "T": "pw"}) == expected
