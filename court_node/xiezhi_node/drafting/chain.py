"""What decides on a draft's chain of approvals: its acts, its amount, and how many have approved (practice.md §3)."""

from typing import Final, NamedTuple

from xiezhi_desk.bodies import items_of
from xiezhi_desk.terms import ACTS
from xiezhi_domain.terms import Act
from xiezhi_node.drafting.store import Draft


class Asked(NamedTuple):
    """What a draft asks for; `amount` is the sum of its items in fen, `urgent` counts for consents by word of mouth."""

    acts: frozenset[Act] = frozenset()
    amount: int = 0
    approved: int = 0
    urgent: bool = False


NOTHING: Final = Asked()


def asked_by(draft: Draft) -> Asked:
    """Return what *draft* asks for. It was handed in, so that each of its items has an act."""
    items = items_of(draft.body)
    acts = frozenset(ACTS.from_proto(item.act, "items") for item in items)
    return Asked(acts, sum(item.amount_fen for item in items), draft.approvals)
