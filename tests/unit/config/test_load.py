"""mlc.config.load: where settings come from, what they become, what is said about wrong ones."""

from pathlib import Path

import pytest

from mlc.config import Compute, Config, Installer, load
from mlc.diagnostics import Bag, render


def write(folder: Path, text: str, name: str = "mlc.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def said(bag: Bag, base: Path) -> str:
    return render(bag.sorted(), bag.sources, base)


def test_without_a_file_there_are_defaults_and_nothing_is_said(tmp_path):
    (tmp_path / ".git").mkdir()
    bag = Bag()
    assert load(tmp_path, bag) == Config()
    assert bag.items == []


def test_every_setting_arrives(tmp_path):
    (tmp_path / "shared").mkdir()
    write(
        tmp_path,
        """
        installer = "micromamba"
        component-paths = ["shared"]
        uv_image = "registry.local:5000/uv:1"
        micromamba_image = "registry.local:5000/micromamba:2"
        default_base = "python:3.12-slim"
        image-prefix = "registry.local:5000/team"
        registry = "localhost:5000/team"
        cache = "localhost:5000/team/cache"
        [environments]
        "AzureML-sklearn-1.5" = "registry.local:5000/sklearn@sha256:ZEROS"
        [computes.gpu-cluster]
        gpus = "all"
        cpus = 4
        memory = "16G"
        shm_size = "512mb"
        [computes."two gpus"]
        device_ids = [0, "2"]
        """.replace("ZEROS", "0" * 64),
    )
    bag = Bag()
    config = load(tmp_path, bag)
    assert said(bag, tmp_path) == ""
    assert config == Config(
        file=tmp_path / "mlc.toml",
        installer=Installer.MICROMAMBA,
        component_paths=(tmp_path / "shared",),
        uv_image="registry.local:5000/uv:1",
        micromamba_image="registry.local:5000/micromamba:2",
        default_base="python:3.12-slim",
        image_prefix="registry.local:5000/team",
        registry="localhost:5000/team",
        cache="localhost:5000/team/cache",
        environments={"AzureML-sklearn-1.5": "registry.local:5000/sklearn@sha256:" + "0" * 64},
        computes={
            "gpu-cluster": Compute(gpus=-1, cpus=4.0, memory="16g", shm_size="512mb"),
            "two gpus": Compute(device_ids=("0", "2")),
        },
    )


def test_the_nearest_file_with_settings_counts(tmp_path):
    write(tmp_path, 'installer = "uv"')
    inner = write(tmp_path / "a", '[tool.mlc]\ninstaller = "micromamba"', "pyproject.toml")
    deeper = write(tmp_path / "a" / "b", "[tool.other]\nx = 1", "pyproject.toml")
    assert load(tmp_path, Bag()).installer is Installer.UV
    assert load(inner, Bag()).installer is Installer.MICROMAMBA
    assert load(deeper, Bag()).installer is Installer.MICROMAMBA


def test_mlc_toml_wins_over_pyproject_beside_it(tmp_path):
    write(tmp_path, '[tool.mlc]\ninstaller = "micromamba"', "pyproject.toml")
    write(tmp_path, 'installer = "uv"')
    assert load(tmp_path, Bag()).installer is Installer.UV


def test_nothing_above_a_repository_is_read(tmp_path):
    write(tmp_path, 'installer = "uv"')
    (tmp_path / "repo" / "src").mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    assert load(tmp_path / "repo" / "src", Bag()) == Config()


def test_an_unknown_setting_is_a_warning_with_the_nearest_name(tmp_path):
    write(tmp_path, 'instaler = "uv"\n[computes.gpu]\ngpu = 1\nzzz = ""\n')
    bag = Bag()
    load(tmp_path, bag)
    assert said(bag, tmp_path) == (
        "mlc.toml:1:1: warning[W601]: instaler is no setting of mlc and is ignored. Did you mean 'installer'?\n"
        '    1 | instaler = "uv"\n'
        "      | ^\n"
        "mlc.toml:3:1: warning[W601]: computes.gpu.gpu is no setting of mlc and is ignored. Did you mean 'gpus'?\n"
        "    3 | gpu = 1\n"
        "      | ^\n"
        "mlc.toml:4:1: warning[W601]: computes.gpu.zzz is no setting of mlc and is ignored. "
        "Known here: gpus, device_ids, cpus, memory, shm_size.\n"
        '    4 | zzz = ""\n'
        "      | ^\n"
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("installer = 3", 1, 'installer is 3. It has to be "auto" or "uv" or "micromamba".'),
        ('\n[computes.g]\ngpus = "two"', 3, 'computes.g.gpus is "two". It has to be a number of GPUs'),
        ("[computes.g]\ngpus = true", 2, "computes.g.gpus is true."),
        ("[computes.g]\ngpus = -1", 2, "computes.g.gpus is -1."),
        ("[computes.g]\ncpus = 0", 2, "computes.g.cpus is 0."),
        ("[computes.g]\ncpus = nan", 2, "computes.g.cpus is NaN."),
        ('[computes.g]\nmemory = "16 Gi"', 2, 'computes.g.memory is "16 Gi". It has to be a size such as'),
        ("[computes.g]\nshm_size = 2024-01-01", 2, 'computes.g.shm_size is "2024-01-01".'),
        ("[computes.g]\ndevice_ids = []", 2, "computes.g.device_ids is []."),
        ('[computes.g]\ngpus = 1\ndevice_ids = ["0"]', 2, "computes.g.gpus stands beside device_ids."),
        ("computes = 3", 1, "computes is 3. It has to be a table: [computes]."),
        ("[computes]\ng = 3", 2, "computes.g is 3. It has to be a table: [computes.g]."),
        ('uv_image = "not an image"', 1, 'uv_image is "not an image". It has to be the name of an image'),
        ('uv_image = "a\\nRUN x"', 1, "uv_image is"),
        ('image_prefix = "team:1"', 1, 'image_prefix is "team:1".'),
        ('component_paths = ["nowhere"]', 1, "component_paths names 'nowhere', which is no folder."),
        ("component_paths = [1]", 1, "component_paths is [1]."),
        ("environments.x = []", 1, "environments.x is []."),
        ('[environments]\nx-1.5 = "y"', 2, "a name with a dot in it needs quotes"),
        ("a = ", 1, "mlc.toml is not valid TOML."),
        ("a = 1\nb = [", 2, "mlc.toml is not valid TOML."),
        ("a = " + "[" * 5000, 1, "mlc.toml is"),
    ],
)
def test_a_wrong_value_is_an_error_at_its_line(tmp_path, text, line, words):
    write(tmp_path, text)
    bag = Bag()
    load(tmp_path, bag)
    assert [(item.code, item.span.line) for item in bag.items] == [("E601", line)] or "nested" in bag.items[0].text
    assert words in bag.items[0].text


def test_wrong_settings_in_pyproject_are_named_in_full(tmp_path):
    write(tmp_path, "[project]\nname='x'\n[tool.mlc.computes.g]\ngpus = 'x'\n", "pyproject.toml")
    bag = Bag()
    load(tmp_path, bag)
    assert bag.items[0].text.startswith('tool.mlc.computes.g.gpus is "x".')
    assert bag.items[0].span.line == 4


@pytest.mark.parametrize("text", ["[tool]\nmlc = 3", "tool = 3 # mlc", "[tool.mlc"])
def test_a_strange_pyproject_gives_no_traceback(tmp_path, text):
    (tmp_path / ".git").mkdir()
    write(tmp_path, text, "pyproject.toml")
    assert load(tmp_path, Bag()) == Config()


def test_a_file_that_is_no_text_is_an_error(tmp_path):
    (tmp_path / "mlc.toml").write_bytes(b"\xff\xfe\x00")
    bag = Bag()
    load(tmp_path, bag)
    assert bag.items[0].text == "mlc.toml is not UTF-8 text. Save it as UTF-8."


def test_a_folder_called_mlc_toml_is_said(tmp_path):
    (tmp_path / "mlc.toml").mkdir()
    bag = Bag()
    load(tmp_path, bag)
    assert bag.items[0].code == "E601"
