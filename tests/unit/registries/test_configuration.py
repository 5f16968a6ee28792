"""Categories as data, who serves what, and a circuit that leaves a failing registry in peace."""

from pathlib import Path

import pytest

from xiezhi_domain.errors import NotAllowed
from xiezhi_domain.registries import (
    OBLIGORS,
    Route,
    read_categories,
    require_obligor,
    route_of,
    shipped_categories,
)
from xiezhi_domain.terms import SubjectRole
from xiezhi_node.registries.circuit import Circuit
from xiezhi_node.registries.settings import load_registries
from xiezhi_wire.startup import StartupError

CONNECTOR = """
[[connector]]
name = "甲"
address = "127.0.0.1:1"
authority = "ca.pem"
certificate = "chain.pem"
key = "key.pem"
"""


def test_thirteen_categories_ship_and_three_are_confirmed() -> None:
    categories = shipped_categories()
    assert len(categories) == 13
    assert [each.code for each in categories.values() if each.confirmed] == [
        "IMMOVABLE",
        "MARRIAGE",
        "VEHICLE",
    ]
    assert all(each.code == code for code, each in categories.items())


def test_a_court_lays_its_own_over_them() -> None:
    own = {
        "BANK": {"timeout_s": 5, "confirmed": True},
        "POUND": {
            "name": "拖车场",
            "asked_about": ["PERSON"],
            "properties": ["VEHICLE"],
            "timeout_s": 9,
            "confirmed": False,
        },
    }
    categories = read_categories(own)
    assert (categories["BANK"].timeout_s, categories["BANK"].confirmed) == (5, True)
    assert categories["BANK"].name == shipped_categories()["BANK"].name
    assert list(categories)[-1] == "POUND"


@pytest.mark.parametrize(
    "own",
    [
        {"BANK": {"colour": "red"}},
        {"NEW": {"name": "新"}},
        {"BANK": {"timeout_s": 0}},
        {"BANK": {"asked_about": ["DOG"]}},
        {"BANK": {"properties": ["DOG"]}},
    ],
)
def test_a_slip_in_them_is_named(own: dict[str, dict[str, object]]) -> None:
    with pytest.raises(ValueError, match=f"category.{next(iter(own))}"):
        read_categories(own)


def test_the_most_local_connector_is_asked() -> None:
    routes = (
        Route("nation", frozenset(), ()),
        Route("city", frozenset({"BANK"}), ("3205",)),
        Route("district", frozenset({"BANK"}), ("320508",)),
    )
    assert route_of(routes, "BANK", "320508") == "district"
    assert route_of(routes, "BANK", "320505") == "city"
    assert route_of(routes, "TAX", "320508") == "nation"
    assert route_of(routes[1:], "BANK", "110101") == ""


@pytest.mark.parametrize("role", SubjectRole)
def test_obligors_and_nobody_else(role: SubjectRole) -> None:
    if role in OBLIGORS:
        require_obligor(role)
        return
    with pytest.raises(NotAllowed, match="第1–7条"):
        require_obligor(role)


def test_a_registry_that_fails_rests_and_is_tried_once() -> None:
    circuit = Circuit(failures=2, rest_ms=100)
    assert circuit.admit(0)
    circuit.failed(0)
    assert circuit.admit(1)
    circuit.failed(1)
    assert circuit.is_resting(50)
    assert not circuit.admit(50)
    assert circuit.admit(101)
    assert not circuit.admit(102)
    circuit.succeeded()
    assert circuit.admit(103)


def test_the_file_is_checked_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "registries.toml"
    file.write_text('region = "320508"\n' + CONNECTOR + 'categories = ["BANK"]\n', "utf-8")
    settings = load_registries(file)
    assert settings.connector_for("BANK", "320508") == "甲"
    assert settings.connector_for("TAX", "320508") == ""
    assert settings.controller_for("BANK", "320508") == ""
    assert settings.watcher_for("320508") == ""
    assert load_registries(None).connectors == {}


@pytest.mark.parametrize(
    "text",
    [
        "region = 1",
        CONNECTOR + 'categories = ["DOG"]',
        CONNECTOR + CONNECTOR,
        CONNECTOR + "colour = 1",
        "[category.BANK]\ntimeout_s = -1",
        "not toml",
    ],
)
def test_a_slip_in_the_file_stops_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "registries.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(StartupError, match="登记机构配置文件"):
        load_registries(file)
