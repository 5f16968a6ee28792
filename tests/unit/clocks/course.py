"""A matter's course told as lines: an event, a time, a state; its clocks run by hand-written limits."""

from dataclasses import dataclass, field

from msgspec.structs import replace

from xiezhi_domain.calendar import shipped_calendar
from xiezhi_domain.clocks import Clocks, Deadline, Moment, Setting, advance
from xiezhi_domain.clocks.plan import ClockPlan, plan_of
from xiezhi_domain.court_time import parse_text, to_text
from xiezhi_domain.events.header import Seen
from xiezhi_domain.rulebook import load_rulebook
from xiezhi_domain.terms import State

SENDER, RECEIVER, THIRD, HUB = "苏0591", "苏0508", "苏0505", "苏05"
SETTING = Setting(shipped_calendar(), HUB)

_MOVE = """
[ladder.test.moves.{kind}]
side = "both"
roles = []
{more}
source = "test"
confirmed = true
"""
_MOVES = {
    "Issued": 'starts = true\nto = "IN_TRANSIT"\n',
    **dict.fromkeys(("Delivered", "Signed", "Completed", "Confirmed", "Rejected", "Paused", "Resumed"), ""),
    **dict.fromkeys(("Returned", "Upheld", "Other"), ""),
    "Rerouted": 'changes = "receiver"\n',
    "Extended": 'due = "extend"\nfacts = { due = "time" }\n',
    "Called": 'action = "LOG_CALL"\n',
    "MadeOrdinary": "makes_ordinary = true\n",
}
_LIMITS = """
[kind.TEST.limits.handle]
amount = 7
unit = "days"
urgent_amount = 24
urgent_unit = "hours"
min_days = 1
max_days = 20
starts = ["arrival"]
stops = ["Completed"]
paused_in = ["SUSPENDED"]
restarts = { Rejected = "redo" }
[kind.TEST.limits.arrival]
amount = 1
unit = "working_days"
urgent_amount = 30
urgent_unit = "minutes"
needs_call = true
duty = false
starts = ["Issued", "Rerouted"]
stops = ["Delivered"]
paused_in = ["SUSPENDED"]
[kind.TEST.limits.sign]
amount = 1
unit = "working_days"
urgent_amount = 2
urgent_unit = "hours"
starts = ["arrival"]
stops = ["Signed"]
paused_in = ["SUSPENDED"]
[kind.TEST.limits.redo]
amount = 3
unit = "working_days"
duty = false
[kind.TEST.limits.confirm]
amount = 3
unit = "working_days"
owner = "sender"
starts = ["Completed"]
stops = ["Confirmed", "Rejected"]
[kind.TEST.limits.extension]
amount = 10
unit = "days"
duty = false
"""
_DRAFTING = "".join(f"{action} = []\n" for action in ("CREATE", "SUBMIT", "APPROVE", "REJECT_APPROVAL"))
_KIND = """
[kind.TEST]
name = "测试"
ladder = "test"
number_word = "试"
confidential = false
machine_receipt = false
acts = ["QUERY"]
subject_roles = ["DEBTOR"]
max_items = 4
"""


def _plan() -> ClockPlan:
    moves = "".join(_MOVE.format(kind=kind, more=more) for kind, more in _MOVES.items())
    limits = _LIMITS.replace("\namount =", '\ntitle = "测试"\nsource = "test"\nconfirmed = true\namount =')
    text = f'version = "test"\n{moves}\n[ladder.test.drafting]\n{_DRAFTING}{_KIND}{limits}'
    return plan_of(load_rulebook(text.encode()).kind("TEST"))


PLAN = _plan()


def moment(kind: str, at: str | int, state: State = State.IN_PROGRESS, **changes: object) -> Moment:
    """An event of the receiver, accepted when it was made, unless *changes* say otherwise."""
    ms = parse_text(at) if isinstance(at, str) else at
    made = Moment(
        kind=kind, court=RECEIVER, at=ms, claimed=ms, seen=Seen("log"), state=state, sender=SENDER,
        receiver=RECEIVER, urgent=False, phone_first=False, oral_consent=False, limit_days=7, stated_due=0,
    )  # fmt: skip
    return replace(made, **changes)


@dataclass
class Course:
    """What has happened to one matter."""

    setting: Setting = SETTING
    urgent: bool = False
    receiver: str = RECEIVER
    clocks: Clocks = field(default_factory=Clocks)

    def hears(self, kind: str, at: str, state: State = State.IN_PROGRESS, **changes: object) -> "Course":
        given = {"urgent": self.urgent, "receiver": self.receiver, **changes}
        self.clocks = advance(self.clocks, moment(kind, at, state, **given), PLAN, self.setting)
        return self

    def issued(self, at: str) -> "Course":
        return self.hears("Issued", at, State.IN_TRANSIT)

    def of(self, clock: str) -> Deadline:
        found = self.clocks.latest(clock)
        assert found is not None, f"{clock} was never started"
        return found

    def due(self, clock: str) -> str:
        return to_text(self.of(clock).due_at)
