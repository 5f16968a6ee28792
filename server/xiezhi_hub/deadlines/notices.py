"""What a court is told when a rung is climbed: number, step, limit. Nothing personal (practice.md §16)."""

from typing import Any, Final

from xiezhi_domain.clocks import Deadline
from xiezhi_domain.court_time import to_text
from xiezhi_domain.escalation import Climb, EscalationStep
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook.model import Limit
from xiezhi_domain.terms import EventKind, Role, Rung

_TEXT: Final = {
    Rung.REMIND: "{rung}：{number} 的{limit}将于 {due} 届满，请按期完成",
    Rung.ALERT: "{rung}：{number} 的{limit}即将于 {due} 届满，请督促承办人完成",
    Rung.BREACH: "{rung}：{number} 的{limit}已于 {due} 届满，仍未完成，请立即处理并说明原因",
}
_NOT_ARRIVED: Final = "{what}：{number} 至 {due} 仍未到达 {receiver}，请拨打该院值班电话，并检查其网络和节点"


def notice_row(
    matter: Instruction, deadline: Deadline, limit: Limit, climb: Climb, step: EscalationStep, now: int
) -> tuple[Any, ...]:
    """Return the row of the notice that a climbed rung makes; its number is the database's to give."""
    text = _TEXT[climb.rung].format(
        rung=climb.rung.zh, number=matter.number, limit=limit.title, due=to_text(deadline.due_at)
    )
    return _row(matter, deadline, deadline.owner, step.roles, climb.rung, text, now)


def not_arrived_row(
    matter: Instruction, deadline: Deadline, court: str, roles: frozenset[Role], rung: Rung, now: int
) -> tuple[Any, ...]:
    """Return the row of the notice that tells *court* of a matter that has not arrived."""
    text = _NOT_ARRIVED.format(
        what=EventKind.UNDELIVERED.zh,
        number=matter.number,
        receiver=matter.receiver,
        due=to_text(deadline.due_at),
    )
    return _row(matter, deadline, court, roles, rung, text, now)


def _row(
    matter: Instruction,
    deadline: Deadline,
    court: str,
    roles: frozenset[Role],
    rung: Rung,
    text: str,
    now: int,
) -> tuple[Any, ...]:
    told = " ".join(sorted(roles))
    return (None, now, court, told, matter.id, deadline.clock, str(rung), deadline.due_at, text)
