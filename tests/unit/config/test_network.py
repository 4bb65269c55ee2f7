"""mlc.config.network: what ``[network]`` may say, which variables come of it, which credentials stay out of files."""

from pathlib import Path

import pytest

from mlc.config import Network, load
from mlc.config.network import (
    UnsetVariableError,
    build_variables,
    channel_url,
    expand,
    mirrored,
    network_environment,
    run_variables,
    secrets,
    unset,
    without_credentials,
)
from mlc.diagnostics import Bag, render

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def loaded(folder: Path, text: str) -> tuple[Network, str]:
    (folder / "mlc.toml").write_text(f"[network]\n{text}")
    bag = Bag()
    network = load(folder, bag).network
    return network, render(bag.sorted(), bag.sources, folder)


def test_without_settings_nothing_is_set(tmp_path):
    network, told = loaded(tmp_path, "")
    assert not network
    assert not told
    assert network_environment(network, {}) == {}


def test_every_setting_arrives(tmp_path):
    (tmp_path / "ca.pem").write_text(CERTIFICATE)
    (tmp_path / "netrc").write_text("machine pypi.example.com login me password secret\n")
    network, told = loaded(
        tmp_path,
        """
        ca-bundle = "ca.pem"
        http_proxy = "http://proxy.example.com:3128"
        https_proxy = "http://${PROXY_USER}:${PROXY_PASSWORD}@proxy.example.com:3128"
        no_proxy = ["localhost", ".example.com"]
        index_url = "https://pypi.example.com/simple"
        extra_index_urls = ["https://me:${PIP_TOKEN}@team.example.com/simple", "https://two.example.com/simple"]
        find_links = ["https://wheels.example.com/"]
        pytorch_index = "https://torch.example.com/whl"
        uv_python_mirror = "https://pythons.example.com"
        conda_channel_alias = "https://conda.example.com"
        conda_channels = { conda-forge = "https://forge.example.com/" }
        apt_mirror = "http://debian.example.com/debian"
        images = { "docker.io" = "registry.example.com/hub" }
        netrc = "netrc"
        """,
    )
    assert told == ""
    assert network == Network(
        ca_bundle=tmp_path / "ca.pem",
        http_proxy="http://proxy.example.com:3128",
        https_proxy="http://${PROXY_USER}:${PROXY_PASSWORD}@proxy.example.com:3128",
        no_proxy="localhost,.example.com",
        index_url="https://pypi.example.com/simple",
        extra_index_urls=("https://me:${PIP_TOKEN}@team.example.com/simple", "https://two.example.com/simple"),
        find_links=("https://wheels.example.com/",),
        pytorch_index="https://torch.example.com/whl",
        uv_python_mirror="https://pythons.example.com",
        conda_channel_alias="https://conda.example.com",
        conda_channels={"conda-forge": "https://forge.example.com"},
        apt_mirror="http://debian.example.com/debian",
        images={"docker.io": "registry.example.com/hub"},
        netrc=tmp_path / "netrc",
    )


def test_wrong_values_and_unknown_names_are_told_with_their_lines(tmp_path):
    network, told = loaded(
        tmp_path,
        'index_url = "pypi.example.com"\nhttps_proxy = "proxy:3128"\nimages = { "docker.io" = 3 }\n'
        'conda_channels = { x = "y" }\nno_proxy = 7\nfind_links = ["./wheels"]\nindx = "x"\n',
    )
    assert not network
    for line in range(2, 8):
        assert f"mlc.toml:{line}:1: error[E601]: network." in told
    assert "mlc.toml:8:1: warning[W601]" in told
    assert "Did you mean 'index_url'?" in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("nothing", "holds no line"),
        (CERTIFICATE + "-----BEGIN RSA PRIVATE KEY-----", "holds a private key"),
        (CERTIFICATE * 9000, "is too large"),
        (None, "is not there"),
    ],
)
def test_a_ca_bundle_that_is_none(tmp_path, content, words):
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    _, told = loaded(tmp_path, 'ca_bundle = "ca.pem"')
    assert "mlc.toml:2:1: error[E637]" in told
    assert words in told


def test_credentials_in_the_file_become_variables_and_are_shown_to_nobody(tmp_path):
    network, told = loaded(tmp_path, 'index_url = "https://me:canary@pypi.example.com/simple"')
    assert network.index_url == "https://${MLC_CREDENTIALS_PYPI_EXAMPLE_COM}@pypi.example.com/simple"
    assert "mlc.toml:2:1: warning[W637]" in told
    assert "canary" not in told + repr(network)
    assert network_environment(network, {})["UV_DEFAULT_INDEX"] == "https://me:canary@pypi.example.com/simple"
    assert secrets(network, {}) == ("me:canary",)


def test_a_wrong_value_with_credentials_shows_none(tmp_path):
    _, told = loaded(tmp_path, 'index_url = "ftp://me:canary@pypi.example.com/simple"')
    assert "error[E601]" in told
    assert "canary" not in told


def test_variables_of_a_build():
    network = Network(
        ca_bundle=Path("/site/ca.pem"),
        https_proxy="http://${USER_}@proxy:1",
        no_proxy="localhost",
        index_url="https://a/simple",
        extra_index_urls=("https://b/simple", "https://c/simple"),
        find_links=("https://d/", "https://e/"),
    )
    found = dict(build_variables(network, ca="/run/secrets/mlc-ca"))
    assert found["SSL_CERT_FILE"] == found["PIP_CERT"] == found["REQUESTS_CA_BUNDLE"] == "/run/secrets/mlc-ca"
    assert found["HTTPS_PROXY"] == found["https_proxy"] == "http://${USER_}@proxy:1"
    assert found["NO_PROXY"] == "localhost"
    assert found["UV_DEFAULT_INDEX"] == found["PIP_INDEX_URL"] == "https://a/simple"
    assert found["UV_INDEX"] == "https://b/simple https://c/simple"
    assert found["UV_FIND_LINKS"] == "https://d/,https://e/"
    assert not {"UV_INDEX", "PIP_INDEX_URL", "UV_DEFAULT_INDEX"} & dict(run_variables(network)).keys()


def test_variables_are_put_in_as_they_are():
    assert expand("https://${A}:${B}@h/${A}", {"A": "x", "B": "p%40$"}) == "https://x:p%40$@h/x"
    assert expand("$A ${1} $${", {"A": "x"}) == "$A ${1} $${"
    with pytest.raises(UnsetVariableError, match="B"):
        expand("${B}", {"B": ""})


def test_what_is_not_set_is_told_with_its_setting(tmp_path):
    network, _ = loaded(tmp_path, 'no_proxy = "x"\nindex_url = "https://${PIP_USER}:${PIP_TOKEN}@h/simple"\n')
    (found,) = unset(network, {"PIP_USER": "me", "PIP_TOKEN": ""})
    assert (found.variable, found.setting, found.span.line) == ("PIP_TOKEN", "index_url", 3)


@pytest.mark.parametrize(
    ("text", "clean", "taken"),
    [
        ("https://me:pw@h.example.com/x", "https://${MLC_CREDENTIALS_H_EXAMPLE_COM}@h.example.com/x", "me:pw"),
        ("--index-url=http://token@h:8080/x", "--index-url=http://${MLC_CREDENTIALS_H_8080}@h:8080/x", "token"),
        (
            "a @ git+https://t0ken@github.com/o/r@main",
            "a @ git+https://${MLC_CREDENTIALS_GITHUB_COM}@github.com/o/r@main",
            "t0ken",
        ),
        ("https://me:${PW}@h/x", "https://me:${PW}@h/x", None),
        ("https://${TOKEN}@h/x", "https://${TOKEN}@h/x", None),
        ("https://h/x@y", "https://h/x@y", None),
        ("git+ssh://git@github.com/o/r@main", "git+ssh://git@github.com/o/r@main", None),
        ("a@b", "a@b", None),
    ],
)
def test_credentials_in_a_line(text, clean, taken):
    found, credentials = without_credentials(text)
    assert found == clean
    assert [value for _, value in credentials] == ([taken] if taken else [])


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("python:3.11", "registry.example.com/hub/library/python:3.11"),
        ("docker.io/library/python:3.11", "registry.example.com/hub/library/python:3.11"),
        ("mambaorg/micromamba:2", "registry.example.com/hub/mambaorg/micromamba:2"),
        ("ghcr.io/astral-sh/uv:0.9.7", "localhost:5000/uv:0.9.7"),
        ("ghcr.io/other/uv:0.9.7", "registry.example.com/ghcr/other/uv:0.9.7"),
        ("ghcr.io.evil.com/x:1", "ghcr.io.evil.com/x:1"),
        ("mcr.microsoft.com/azureml/x", "mcr.microsoft.com/azureml/x"),
    ],
)
def test_mirrors_of_images(reference, expected):
    images = {
        "docker.io": "registry.example.com/hub",
        "ghcr.io": "registry.example.com/ghcr",
        "ghcr.io/astral-sh/uv": "localhost:5000/uv",
    }
    assert mirrored(Network(images=images), reference) == expected


def test_channels():
    network = Network(
        conda_channel_alias="https://conda.example.com/", conda_channels={"a": "https://${T}@a.example.com"}
    )
    assert channel_url(network, "a") == "https://${T}@a.example.com"
    assert channel_url(network, "b") == "https://conda.example.com/b"
    assert channel_url(network, "https://c/d") == "https://c/d"
    assert channel_url(Network(), "b") == "https://conda.anaconda.org/b"
