"""The configuration of a workbench: what is wrong is said by its key."""

from pathlib import Path

import pytest

from xiezhi_workbench.config import ConfigError, load


@pytest.fixture
def values(tmp_path: Path) -> dict[str, str]:
    for name in ("ca.pem", "chain.pem", "key.pem"):
        (tmp_path / name).touch()
    return {
        "serves": "node",
        "server": "127.0.0.1:7443",
        "server_authority": str(tmp_path / "ca.pem"),
        "certificate": str(tmp_path / "chain.pem"),
        "certificate_key": str(tmp_path / "key.pem"),
    }


def written(folder: Path, values: dict[str, str]) -> Path:
    file = folder / "workbench.toml"
    file.write_text("".join(f'{key} = "{value}"\n' for key, value in values.items()), "utf-8")
    return file


def test_the_environment_goes_over_the_file(
    tmp_path: Path, values: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, values)
    assert not load(file, {}).is_hub
    monkeypatch.setenv("XIEZHI_WORKBENCH_SERVES", "hub")
    assert load(None, {"XIEZHI_WORKBENCH_CONFIG": str(file), "XIEZHI_WORKBENCH_SERVES": "hub"}).is_hub


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"serves": "both"}, "serves"),
        ({"server": "nowhere"}, "server"),
        ({"certificate_key": "/nonexistent/key.pem"}, "certificate_key"),
        ({"idle_minutes": "0"}, "idle_minutes"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, values: dict[str, str], change: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        load(written(tmp_path, values | change), {})


def test_what_lacks_is_named(tmp_path: Path, values: dict[str, str]) -> None:
    del values["server"]
    with pytest.raises(ConfigError, match="server"):
        load(written(tmp_path, values), {})


def test_a_misspelt_variable_is_named() -> None:
    with pytest.raises(ConfigError, match="XIEZHI_WORKBENCH_LISTN"):
        load(None, {"XIEZHI_WORKBENCH_LISTN": "127.0.0.1:1"})


@pytest.mark.parametrize("text", ["serves =", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "broken.toml"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"broken\.toml"):
        load(file, {})
