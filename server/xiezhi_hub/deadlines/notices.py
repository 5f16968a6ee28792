"""What a court is told when a rung is climbed: number, step, limit. Nothing personal (practice.md §16)."""

from typing import Any, Final

from xiezhi_domain.clocks import Deadline
from xiezhi_domain.court_time import to_text
from xiezhi_domain.escalation import Climb, EscalationStep
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook.model import Limit
from xiezhi_domain.terms import Rung

_TEXT: Final = {
    Rung.REMIND: "{rung}：{number} 的{limit}将于 {due} 届满，请按期完成",
    Rung.ALERT: "{rung}：{number} 的{limit}即将于 {due} 届满，请督促承办人完成",
    Rung.BREACH: "{rung}：{number} 的{limit}已于 {due} 届满，仍未完成，请立即处理并说明原因",
}


def notice_row(
    matter: Instruction, deadline: Deadline, limit: Limit, climb: Climb, step: EscalationStep, now: int
) -> tuple[Any, ...]:
    """Return the row of the notice that a climbed rung makes; its number is the database's to give."""
    text = _TEXT[climb.rung].format(
        rung=climb.rung.zh, number=matter.number, limit=limit.title, due=to_text(deadline.due_at)
    )
    roles = " ".join(sorted(step.roles))
    return (
        None,
        now,
        deadline.owner,
        roles,
        matter.id,
        deadline.clock,
        str(climb.rung),
        deadline.due_at,
        text,
    )
