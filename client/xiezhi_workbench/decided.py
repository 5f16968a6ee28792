"""What was decided on a handover, as the page of the matter shows it at the hub."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xiezhi_client.sdk import Client, DecisionDraft, HandoverRecord
from xiezhi_client.sdk.vocabulary import DecisionDraftState
from xiezhi_domain.terms import State
from xiezhi_workbench.asking import if_allowed

DRAFT_STATES: Final[dict[DecisionDraftState, State]] = {
    "WAITING": State.AWAITING_APPROVAL,
    "ISSUED": State.ISSUED,
    "REJECTED": State.APPROVAL_REJECTED,
    "DISCARDED": State.DISCARDED,
}
"""What became of a draft, in the words of all drafts."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The drafts and decisions, as far as they are for the reader (None: not); why he may not draft one; the record."""

    drafts: Sequence[DecisionDraft] | None
    why_not_draft: str
    record: HandoverRecord | None


async def decided(client: Client, instruction_id: str) -> Decided | None:
    """Ask what was decided on a handover; None for who sees nothing of it. Raise `NotFound`."""
    drafts, seen = await asyncio.gather(
        if_allowed(client.decisions.page(instruction_id=instruction_id)),
        if_allowed(client.decisions.handover(instruction_id)),
    )
    if seen is None:
        return None
    return Decided(drafts.drafts if drafts else None, seen.why_not_draft, seen.record)
