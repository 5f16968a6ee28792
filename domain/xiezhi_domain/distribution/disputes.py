"""What nobody disputes is paid, what is disputed in court is deposited, and a judgment releases it (民诉法解释 510)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from xiezhi_domain.distribution.plan import Correction, Plan, corrected
from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason

MOST_SUITS: Final = 8
"""Every outcome of the suits together is worked out: 2 to that power."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is paid now, in fen: claim → sum; what is deposited; what goes back to the debtor.

    `costs` + all of `payments` + `deposited` + `remainder` make up the sum of the plan.
    """

    costs: int
    payments: Mapping[int, int]
    deposited: int
    remainder: int

    @property
    def total(self) -> int:
        """The sum of the plan."""
        return self.costs + sum(self.payments.values()) + self.deposited + self.remainder


def settle(plan: Plan, upheld: Sequence[Correction], sued: Sequence[Correction]) -> Settlement:
    """Return what is paid and what is deposited.

    *upheld* are objections that nobody opposed: the plan is corrected by them. *sued* are those on which a suit was
    proved: each claim is paid what it gets however the suits end, and the rest waits in the deposit.

    :raises LimitExceeded: more suits than can be worked out.
    """
    if len(sued) > MOST_SUITS:
        raise LimitExceeded(Reason.TOO_LARGE, f"同时诉讼的异议最多 {MOST_SUITS} 件，请分次分配")
    outcomes = [corrected(plan, [*upheld, *won]).shares for won in _subsets(sued)]
    costs = outcomes[0].costs
    payments = {claim.number: min(each.of[claim.number] for each in outcomes) for claim in plan.claims}
    remainder = min(each.remainder for each in outcomes)
    deposited = outcomes[0].total - costs - sum(payments.values()) - remainder
    return Settlement(costs, payments, deposited, remainder)


def release(
    plan: Plan, upheld: Sequence[Correction], settlement: Settlement, judged: Iterable[Correction]
) -> Settlement:
    """Return what becomes of the deposit: what each claim and the debtor get of it once the suits are *judged*.

    Together it is the deposit, to the fen. `costs` and `deposited` are 0.

    :raises InvalidInput: by the judgments somebody would have to give back what was paid already.
    """
    final = corrected(plan, [*upheld, *judged]).shares
    payments = {number: share - settlement.payments[number] for number, share in final.of.items()}
    remainder = final.remainder - settlement.remainder
    if remainder < 0 or any(fen < 0 for fen in payments.values()):
        raise InvalidInput.in_field(
            "judged", "按裁判结果有债权人应退还已分配的款项，请先办理执行回转，再处理提存款"
        )
    return Settlement(0, payments, 0, remainder)


def _subsets(sued: Sequence[Correction]) -> Iterable[tuple[Correction, ...]]:
    for size in range(len(sued) + 1):
        yield from combinations(sued, size)
