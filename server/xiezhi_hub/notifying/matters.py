"""The matters of the hub as notifications need them."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from xiezhi_desk.notifying.matters import ToldMatter
from xiezhi_domain.errors import DomainError
from xiezhi_domain.ladder.instruction import decode_instruction
from xiezhi_domain.rulebook import KindRules
from xiezhi_journal import tables
from xiezhi_journal.matter import Rulebooks

_MATTER = tables.instruction


def told_matters(
    connection: Connection, rulebooks: Rulebooks, instructions: Collection[str]
) -> Mapping[str, ToldMatter]:
    """Return the matters among *instructions* that the hub has accepted, by id; nobody here works on one himself."""
    rows = connection.execute(select(_MATTER).where(_MATTER.c.instruction.in_(sorted(instructions))))
    return {
        row.instruction: ToldMatter(
            instruction=row.instruction,
            kind=row.kind,
            number=row.number,
            urgent=row.urgent,
            due_at=row.due_at,
            rules=_rules(rulebooks, row.accepted),
        )
        for row in rows
        if row.accepted
    }


def _rules(rulebooks: Rulebooks, accepted: str) -> KindRules | None:
    matter = decode_instruction(accepted)
    try:
        return rulebooks[matter.rulebook].rules(matter.kind, matter.sender, matter.receiver)
    except (KeyError, DomainError):
        return None
