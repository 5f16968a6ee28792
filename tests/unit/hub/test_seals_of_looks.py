"""Which seals of a day's looks the hub takes: of a day that is over, by whoever holds them (protocol §14)."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_hub.ruling.directory import _wrong_seal_of_looks

HUB_KEY = "a-key-of-the-hub"
MORNING_AFTER = end_of_day_ms(date(2026, 3, 2)) + 1


def refused(key: str = HUB_KEY, **changes: Any) -> bool:
    facts = {"day": "2026-03-02", "count": 1, "root": "00" * 32, "holder": "HUB", **changes}
    header: Any = SimpleNamespace(facts=facts, key=key, at=MORNING_AFTER)
    return _wrong_seal_of_looks(header, HUB_KEY) is not None


def test_hub_and_node_seal_their_own_days() -> None:
    assert not refused()
    assert not refused("a-key-of-the-node", holder="NODE")


@pytest.mark.parametrize("day", ["x", "2026-02-30", "2026-03-03", "9999-12-31"])
def test_a_day_that_is_none_or_not_over_is_refused(day: str) -> None:
    assert refused(day=day)


def test_nobody_seals_for_the_other() -> None:
    assert refused("a-key-of-the-node")
    assert refused(holder="NODE")
    assert refused(holder="X")
