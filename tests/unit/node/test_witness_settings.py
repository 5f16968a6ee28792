"""Which witnesses count, as a node's configuration says it."""

from pathlib import Path

import pytest
from tests.unit.evidence.signing import SigningKey

from xiezhi_desk.settings import load_settings
from xiezhi_node.config import NodeSettings
from xiezhi_node.doctor import policy_in_words
from xiezhi_wire.startup import StartupError

VKEYS = [SigningKey(f"court{seed}", seed).witness_key.format() for seed in (11, 12, 13, 14)]


def settings_of(directory: Path, *lines: str) -> NodeSettings:
    file = directory / "node.toml"
    file.write_text("\n".join([f'data_dir = "{directory}"', *lines]), encoding="utf-8")
    return load_settings(NodeSettings, file, {})


def test_three_of_four_bear_one_that_colludes(tmp_path: Path) -> None:
    policy = settings_of(tmp_path, f"witnesses = {VKEYS}", "witnesses_needed = 3").witness_policy
    assert (len(policy.witnesses), policy.needed, policy.tolerated) == (4, 3, 1)
    assert "court11" in policy_in_words(policy)
    assert "已见证" in policy_in_words(settings_of(tmp_path).witness_policy)


@pytest.mark.parametrize(
    "lines",
    [
        [f"witnesses = {VKEYS}"],
        [f"witnesses = {VKEYS}", "witnesses_needed = 5"],
        ["witnesses_needed = 1"],
        ['witnesses = ["no key"]', "witnesses_needed = 1"],
        [f"witnesses = {VKEYS[:1] * 2}", "witnesses_needed = 1"],
    ],
)
def test_a_policy_that_cannot_be_meant_stops_the_program_and_names_the_setting(
    tmp_path: Path, lines: list[str]
) -> None:
    with pytest.raises(StartupError, match="witnesses_needed"):
        settings_of(tmp_path, *lines)


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="witness_needed"):
        settings_of(tmp_path, "witness_needed = 1")
