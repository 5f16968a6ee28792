"""When the rungs are climbed, and what the dry run says would have been."""

from tests.unit.clocks.course import SETTING
from tests.unit.ladder.histories import header
from tests.unit.ladder.model import RULES

from xiezhi_domain.clocks import Accepted, stages_of
from xiezhi_domain.court_time import parse_text, to_text
from xiezhi_domain.escalation import climbs_of, climbs_within, first_look, load_rules, shipped_rules
from xiezhi_domain.escalation.climb import NEVER
from xiezhi_domain.rulebook.model import KindRules

FIND: KindRules = RULES.kind("FIND")
CALENDAR = SETTING.calendar
TALK = """
[step.talk]
rung = "TALK"
at = 9
unit = "working_days"
automatic = false
clocks = ["handle"]
source = "x"
confirmed = true
"""


def played(*events: tuple[str, str, str, str]) -> list:
    history = [
        Accepted(seq, header(kind, side, role), parse_text(at))
        for seq, (kind, side, role, at) in enumerate(events, 1)
    ]
    return list(stages_of(history, {RULES.hash: RULES}, SETTING))


ARRIVED = (
    ("Issued", "sender", "CENTRE_OFFICER", "2026-03-02 10:00"),
    ("Delivered", "receiver", "", "2026-03-02 10:00"),
)
SIGNED = (*ARRIVED, ("Signed", "receiver", "CENTRE_OFFICER", "2026-03-02 11:00"))


def test_the_ladder_of_a_week() -> None:
    handle = played(*SIGNED)[-1].clocks.latest("handle")
    climbs = climbs_of(handle, FIND.limits["handle"], shipped_rules(), CALENDAR)
    assert [(to_text(climb.at), climb.step) for climb in climbs] == [
        ("2026-03-04 00:00", "remind/3"),
        ("2026-03-06 00:00", "remind/1"),
        ("2026-03-09 00:00", "alert"),
        ("2026-03-10 00:00", "breach"),
        ("2026-03-10 00:00", "call"),
        ("2026-03-12 00:00", "supervise"),
        ("2026-03-16 00:00", "bulletin"),
        ("2026-03-23 00:00", "talk"),
        ("2026-03-30 00:00", "rectify"),
    ]
    assert first_look(handle, FIND.limits["handle"], shipped_rules(), CALENDAR) == climbs[0].at


def test_nobody_is_reminded_of_what_he_was_just_told() -> None:
    sign = played(*ARRIVED)[-1].clocks.latest("sign")
    steps = [climb.step for climb in climbs_of(sign, FIND.limits["sign"], shipped_rules(), CALENDAR)]
    assert steps[0] == "alert"
    assert to_text(first_look(sign, FIND.limits["sign"], shipped_rules(), CALENDAR)) == "2026-03-03 00:00"


def test_a_limit_whose_running_out_is_logged_is_looked_at_then_whatever_the_rules_say() -> None:
    [*_, issued] = played(ARRIVED[0])
    delivered = issued.clocks.latest("delivered")
    rules = load_rules(TALK, 1)
    assert to_text(delivered.due_at) == "2026-03-02 10:30"
    assert first_look(delivered, FIND.limits["delivered"], rules, CALENDAR) == delivered.due_at + 1
    assert not climbs_of(delivered, FIND.limits["delivered"], rules, CALENDAR)


def test_what_has_ended_is_not_looked_at() -> None:
    sign = played(*SIGNED)[-1].clocks.latest("sign")
    assert first_look(sign, FIND.limits["sign"], shipped_rules(), CALENDAR) == NEVER


def test_the_dry_run_tells_what_would_have_been_climbed() -> None:
    stages = played(*SIGNED, ("Completed", "receiver", "FIELD_OFFICER", "2026-03-10 09:00"))
    until = parse_text("2026-03-19 23:59")
    fired = list(climbs_within(stages, FIND.limits, shipped_rules(), CALENDAR, until))
    assert [(each.deadline.clock, each.climb.step) for each in fired] == [
        ("handle", "remind/3"),
        ("handle", "remind/1"),
        ("handle", "alert"),
        ("handle", "breach"),
        ("handle", "call"),
        ("confirm", "remind/1"),
        ("confirm", "alert"),
        ("confirm", "breach"),
        ("confirm", "call"),
        ("confirm", "supervise"),
    ]
    half = list(climbs_within(stages, FIND.limits, shipped_rules(), CALENDAR, parse_text("2026-03-06 12:00")))
    assert [each.climb.step for each in half] == ["remind/3", "remind/1"]


def test_a_met_deadline_is_climbed_no_further() -> None:
    stages = played(*SIGNED, ("Completed", "receiver", "FIELD_OFFICER", "2026-03-05 09:00"))
    fired = climbs_within(stages, FIND.limits, shipped_rules(), CALENDAR, parse_text("2027-01-01 00:00"))
    assert [each.climb.step for each in fired if each.deadline.clock == "handle"] == ["remind/3"]
