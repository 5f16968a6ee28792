"""A 财产分配方案 as the facts of a header state it, without names, and how an objection would change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from xiezhi_domain.distribution.shares import Claim, Mode, Shares, share_out
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder.facts import item_sums


@dataclass(frozen=True)
class Plan:
    """One plan: its number in the distribution from 1, the sum and the costs in fen, the claims."""

    number: int
    total: int
    costs: int
    mode: Mode
    claims: tuple[Claim, ...]

    @cached_property
    def shares(self) -> Shares:
        """Who gets how much."""
        return share_out(self.total, self.costs, self.claims, self.mode)

    def claim(self, number: int) -> Claim | None:
        """Return the claim of that number, None if the plan has none."""
        return next((claim for claim in self.claims if claim.number == number), None)

    def facts(self) -> JsonObject:
        """Return the facts of the plan, the same in every matter that carries a share of it."""
        return {
            "plan": self.number,
            "total": self.total,
            "costs": self.costs,
            "mode": str(self.mode),
            "claims": [[claim.number, claim.amount] for claim in self.claims],
            "ranks": [[claim.number, claim.rank] for claim in self.claims if claim.rank],
            "seizures": [[claim.number, claim.seized] for claim in self.claims if claim.seized],
        }


def plan_of(facts: JsonObject) -> Plan:
    """Return the plan that *facts* state.

    :raises FormatError: not of that shape, or of another mode than the two.
    """
    ranks, seized = item_sums(facts, "ranks"), item_sums(facts, "seizures")
    claims = tuple(
        Claim(number, amount, ranks.get(number, 0), seized.get(number, 0))
        for number, amount in item_sums(facts, "claims").items()
    )
    match facts:
        case {"plan": int(number), "total": int(total), "costs": int(costs), "mode": str(mode)} if (
            mode in Mode.__members__
        ):
            return Plan(number, total, costs, Mode(mode), claims)
    raise FormatError("分配方案的写法不正确")


@dataclass(frozen=True, slots=True)
class Correction:
    """How somebody wants claims to count: claim → amount in fen (0: not at all), claim → rank (0: ordinary)."""

    amounts: Mapping[int, int]
    ranks: Mapping[int, int]

    @property
    def claims(self) -> frozenset[int]:
        """The claims that it is about."""
        return frozenset(self.amounts) | frozenset(self.ranks)

    def facts(self) -> JsonObject:
        """Return it as facts of a header."""
        return {
            "amounts": [list(row) for row in sorted(self.amounts.items())],
            "ranks": [list(row) for row in sorted(self.ranks.items())],
        }


def correction_of(facts: JsonObject) -> Correction:
    """Return the correction that *facts* state.

    :raises FormatError: not of that shape.
    """
    return Correction(item_sums(facts, "amounts"), item_sums(facts, "ranks"))


def corrected(plan: Plan, corrections: Iterable[Correction]) -> Plan:
    """Return *plan* with *corrections* made one after the other; of what two of them want, the later one holds.

    A claim that becomes an ordinary one where these are paid by seizure has no place there: it comes last.
    """
    claims = {claim.number: claim for claim in plan.claims}
    for correction in corrections:
        for number in correction.claims & claims.keys():
            claim = claims[number]
            claims[number] = replace(
                claim,
                amount=correction.amounts.get(number, claim.amount),
                rank=correction.ranks.get(number, claim.rank),
            )
    return replace(plan, claims=tuple(_placed(plan, claims.values())))


def _placed(plan: Plan, claims: Iterable[Claim]) -> Iterable[Claim]:
    last = max((claim.seized for claim in plan.claims), default=0)
    for claim in claims:
        lacks_place = plan.mode is Mode.BY_SEIZURE and not claim.rank and not claim.seized
        last += lacks_place
        yield replace(claim, seized=last) if lacks_place else claim
