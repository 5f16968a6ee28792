"""Who gets how much of the price of a property, in fen.

Order (民诉法解释 508): the costs of enforcement; claims with priority, rank by rank; ordinary claims pro rata. Where an
enterprise legal person is insolvent and not in bankruptcy, ordinary claims are paid in the order of seizure instead
(514; 执行规定 55). What is left goes to the debtor.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Final

from xiezhi_domain.errors import InvalidInput


class Mode(StrEnum):
    """How ordinary claims share; the codes of the rulebook's reasons `mode`."""

    PRO_RATA = "PRO_RATA"
    BY_SEIZURE = "BY_SEIZURE"


MOST_CLAIMS: Final = 50
"""The claims of a plan stand in one event header of limited size."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that takes part: its number in the distribution from 1, and its amount in fen.

    `rank`: the place among claims with priority, from 1; 0 for an ordinary one. `seized`: the place of its seizure
    in time, from 1; 0 where that does not matter.
    """

    number: int
    amount: int
    rank: int = 0
    seized: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """A sum shared out, in fen: `costs` + all of `of` + `remainder` make up the sum. `of`: claim → share."""

    costs: int
    of: Mapping[int, int]
    remainder: int

    @property
    def total(self) -> int:
        """The sum that was shared out."""
        return self.costs + sum(self.of.values()) + self.remainder


def share_out(total: int, costs: int, claims: Iterable[Claim], mode: Mode) -> Shares:
    """Return how *total* fen are shared out after *costs*; costs above the total take all of it.

    :raises InvalidInput: an amount is negative, a number is used twice, or claims paid by seizure have no order.
    """
    claims = sorted(claims, key=lambda claim: claim.number)
    _check(total, costs, claims, mode)
    paid = min(costs, total)
    left, shares = total - paid, {claim.number: 0 for claim in claims}
    for group in _groups(claims, mode):
        given = pro_rata(left, {claim.number: claim.amount for claim in group})
        shares |= given
        left -= sum(given.values())
    return Shares(paid, MappingProxyType(shares), left)


def _groups(claims: Sequence[Claim], mode: Mode) -> Iterable[Sequence[Claim]]:
    """Give the claims in the order in which they are paid; those of one group share pro rata."""
    by_seizure = mode is Mode.BY_SEIZURE

    def place(claim: Claim) -> tuple[int, int, int]:
        return (0, claim.rank, 0) if claim.rank else (1, 0, claim.seized if by_seizure else 0)

    for _, group in groupby(sorted(claims, key=place), key=place):
        yield list(group)


def pro_rata(sum_: int, amounts: Mapping[int, int]) -> dict[int, int]:
    """Return *sum_* fen shared out in proportion to *amounts*, none above its amount.

    The odd fen go to the largest remainders, among equals to the lower number, so that every court comes to the same.
    """
    whole = sum(amounts.values())
    if sum_ >= whole:
        return dict(amounts)
    shares = {number: sum_ * amount // whole for number, amount in amounts.items()}
    odd = sum_ - sum(shares.values())
    nearest = sorted(amounts, key=lambda number: (-(sum_ * amounts[number] % whole), number))
    for number in nearest[:odd]:
        shares[number] += 1
    return shares


def _check(total: int, costs: int, claims: Sequence[Claim], mode: Mode) -> None:
    if total < 0 or costs < 0 or any(claim.amount < 0 for claim in claims):
        raise InvalidInput.in_field("total_fen", "金额不能为负数")
    if len(claims) > MOST_CLAIMS:
        raise InvalidInput.in_field("claims", f"一个分配方案最多 {MOST_CLAIMS} 笔债权")
    if len({claim.number for claim in claims}) < len(claims):
        raise InvalidInput.in_field("claims", "债权序号重复")
    if mode is Mode.PRO_RATA:
        return
    places = [claim.seized for claim in claims if not claim.rank]
    if 0 in places or len(set(places)) < len(places):
        raise InvalidInput.in_field("claims", "按查封先后清偿的，请为每笔普通债权填写不重复的查封顺位")
