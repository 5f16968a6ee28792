"""The hub's configuration: what an operator is told about a mistake."""

from pathlib import Path

import pytest

from xiezhi_desk.settings import load_settings
from xiezhi_hub.administration import shown_settings
from xiezhi_hub.config import HubSettings
from xiezhi_hub.paths import HubPaths, public_address
from xiezhi_wire.startup import StartupError

GOOD = 'court = "苏05"\norigin = "hub.su05.example/xiezhi"\ndata_dir = "data"\n'


def load(directory: Path, text: str, **environment: str) -> HubSettings:
    file = directory / "hub.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(HubSettings, file, environment)


def test_a_short_file_is_enough(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD)
    assert settings.database_url == "sqlite:///data/journal.db"
    assert HubPaths.of(settings).head_file.parent != settings.data_dir


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GOOD + 'colour = "red"\n', "colour"),
        (GOOD.replace('court = "苏05"\n', ""), "court"),
        (GOOD.replace("苏05", "苏99"), "court"),
        (GOOD.replace("/xiezhi", " xiezhi"), "origin"),
        (GOOD + 'link_address = "nowhere"\n', "link_address"),
        (GOOD + "join_token_hours = 0\n", "join_token_hours"),
        (GOOD + 'log_level = "LOUD"\n', "log_level"),
        (GOOD + 'database_file = "missing"\n', "database_file"),
    ],
)
def test_a_mistake_names_its_key(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(StartupError, match=named):
        assert load(tmp_path, text).database_url


def test_a_misspelt_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="XIEZHI_HUB_COLOUR"):
        load(tmp_path, GOOD, XIEZHI_HUB_COLOUR="red")


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="TOML"):
        load(tmp_path, "court = ")


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD)
    with pytest.raises(ValueError, match="frozen"):
        settings.court = "苏"


def test_a_password_is_read_from_its_file_and_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "database"
    secret.write_text("postgresql+psycopg://xiezhi:secret@db/xiezhi\n")
    settings = load(tmp_path, GOOD + f'database_file = "{secret}"\n')
    assert settings.database_url == "postgresql+psycopg://xiezhi:secret@db/xiezhi"
    assert "secret" not in str(shown_settings(settings)["database"])
    careless = load(tmp_path, GOOD + 'database = "postgresql+psycopg://xiezhi:secret@db/xiezhi"\n')
    assert ":secret@" not in str(shown_settings(careless))


def test_the_public_address_needs_a_port(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD + 'join_address = "0.0.0.0:0"\npublic_host = "hub.example"\n')
    paths = HubPaths(tmp_path, tmp_path / "head")
    assert public_address(settings, paths, "link") == "hub.example:7451"
    with pytest.raises(StartupError, match="join_address"):
        public_address(settings, paths, "join")
    paths.write_endpoints({"join": "0.0.0.0:4711"})
    assert public_address(settings, paths, "join") == "hub.example:4711"
