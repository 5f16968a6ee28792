"""Instructions in any state, and headers of any kind, without hub or court."""

from msgspec.structs import replace
from tests.unit.ladder.model import CALENDAR, HUB_COURT, ORIGIN, RULES
from tests.unit.ladder.moves import facts_of

from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.ladder import Footing, Instruction, Standing, Step, decide, fold
from xiezhi_domain.terms import State

SENDER, RECEIVER, STRANGER = "苏0591", "苏0508", "苏0509"
COURT = {"sender": SENDER, "receiver": RECEIVER, "hub": HUB_COURT}
AT = 1_767_225_600_000


def step(seq):
    return Step(seq, f"event-{seq}", f"{seq:064x}", f"{seq:064x}")


def header(kind, side="sender", role="", **changes):
    court = COURT[side]
    to = SENDER if court == RECEIVER else RECEIVER
    first = {"hub": ORIGIN, "rulebook": RULES.hash} if kind == "Issued" else {}
    base = Base() if kind == "Issued" else Base("event-1", 1, f"{1:064x}")
    made = Header(
        "event-9", "matter", kind, court, to, base, Seen(ORIGIN), AT, "key", "", facts_of(kind, role), **first
    )
    return replace(made, **changes)


def with_facts(made, **facts):
    return replace(made, facts={**made.facts, **facts})


def matter(state=State.IN_TRANSIT, seq=1, **changes) -> Instruction:
    """A matter in *state* whose last binding event is step *seq*."""
    begun = fold(None, header("Issued", role="CENTRE_OFFICER"), step(1), AT, RULES)
    resume = State.SIGNED if state is State.RETURN_PROPOSED else ""
    talked = {**begun.times, "ContactLogged": AT}
    values = {"state": state, "head": step(seq), "binding": step(seq), "resume": resume, "times": talked}
    return replace(begun, **{**values, **changes})


def judged(before, made, footing=None):
    """What `decide` says, on the head if no other footing is given."""
    seq = before.head.seq if before else 0
    return decide(before, made, footing or Footing(Standing.HEAD, seq), RULES, HUB_COURT, CALENDAR)


def reason(before, made, footing=None):
    refused = judged(before, made, footing)
    return refused.reason if refused else None
