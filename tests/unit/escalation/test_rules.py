"""The rules of the supervisor's ladder: read with care, and never more automatic than the law of the house allows."""

import pytest

from xiezhi_domain.errors import FormatError
from xiezhi_domain.escalation import load_rules, shipped_rules
from xiezhi_domain.terms import Rung

STEP = '[step.talk]\nrung = "TALK"\nat = 10\nunit = "working_days"\nautomatic = false\nsource = "x"\nconfirmed = true\n'


def test_reminders_go_out_by_themselves_and_everything_else_is_proposed() -> None:
    automatic = {step.rung for step in shipped_rules().steps if step.automatic}
    proposed = {step.rung for step in shipped_rules().steps if not step.automatic}
    assert automatic == {Rung.REMIND, Rung.ALERT, Rung.BREACH}
    assert proposed == {Rung.CALL, Rung.SUPERVISE, Rung.BULLETIN, Rung.TALK, Rung.RECTIFY}


def test_rules_of_a_court_have_a_version_of_their_own() -> None:
    rules = load_rules(STEP, 3)
    assert (rules.version, [step.name for step in rules.steps]) == (3, ["talk"])
    assert rules.step("talk") is rules.steps[0]
    assert rules.step("remind/3") is None


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        (STEP.replace("automatic = false", "automatic = true"), "这一步由人决定"),
        (STEP.replace("TALK", "SHOUT"), "SHOUT"),
        (STEP.replace("working_days", "percent"), "working_days"),
        (STEP + "loud = true\n", "未知的键"),
        ("", "缺少 step"),
        ("[step", "TOML"),
    ],
    ids=["automatic", "unknown rung", "unit", "unknown key", "no step", "no TOML"],
)
def test_a_slip_is_told(text: str, slip: str) -> None:
    with pytest.raises(FormatError, match=slip):
        load_rules(text, 1)
