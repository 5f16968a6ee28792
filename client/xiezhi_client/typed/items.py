"""Items of an order for 查人找物, from acts and subjects."""

from collections.abc import Sequence
from typing import cast

from xiezhi_client.sdk import Item
from xiezhi_client.sdk.vocabulary import Act as ActName
from xiezhi_client.typed.words import identifier
from xiezhi_domain.terms import Act


def items(acts: Sequence[str], subjects: Sequence[int], scope: str, clue: str) -> tuple[Item, ...]:
    """Give one item for each act on each subject. Raise `UnreadableError` for an unknown act."""
    pairs = [(identifier(Act, act), subject) for act in acts for subject in subjects or (0,)]
    return tuple(
        Item(number=number, act=cast(ActName, act), subject_number=subject, scope=scope, clue=clue)
        for number, (act, subject) in enumerate(pairs, 1)
    )
