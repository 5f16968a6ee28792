"""When the hub may rule."""

import pytest

from xiezhi_domain.errors import Unavailable
from xiezhi_hub.recovery.gate import Gate, Phase


def test_a_hub_begins_by_recovering() -> None:
    with pytest.raises(Unavailable, match="RECOVERING"):
        Gate().require_open()


def test_it_opens_and_closes_again() -> None:
    gate, turns = Gate(), []
    gate.on_turn(lambda: turns.append(gate.phase))
    gate.open()
    gate.require_open()
    gate.recover("缺少记录")
    gate.recover("缺少更多记录")
    assert (gate.is_open, gate.why) == (False, "缺少更多记录")
    assert turns == [Phase.OPEN, Phase.RECOVERING]


def test_contradicting_logs_are_never_overruled() -> None:
    gate = Gate()
    gate.diverge("两个日志不一致")
    gate.recover("缺少记录")
    gate.open()
    assert (gate.phase, gate.why) == (Phase.DIVERGED, "两个日志不一致")
