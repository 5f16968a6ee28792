"""What the presiding court enters in all matters of a distribution at once, and the checks that keep it whole.

Every function returns the facts of one event per matter that takes part. Over all of them no share is lost or
doubled: the plan holds each claim once, what is settled makes up the sum of the plan, what is released the deposit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xiezhi_domain.distribution.disputes import Settlement, release
from xiezhi_domain.distribution.plan import Correction, Plan
from xiezhi_domain.distribution.register import Member, Register
from xiezhi_domain.distribution.shares import Mode
from xiezhi_domain.distribution.standing import Standing
from xiezhi_domain.errors import InvalidInput, NotFound, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject, JsonValue
from xiezhi_domain.terms import EventKind
from xiezhi_domain.terms.distribution import ObjectionFate

ENTERPRISE = "ENTERPRISE"
"""The code of a debtor that is an enterprise legal person (民诉法解释 511–514)."""

Told = Mapping[str, JsonObject]
"""The facts of an event by matter."""


def everywhere(register: Register, facts: JsonObject) -> Told:
    """Return *facts* for every matter that takes part.

    :raises NotFound: UNKNOWN_INSTRUCTION, none does.
    """
    if not register.taking_part:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "没有这个参与分配，或者已没有参与的债权")
    return dict.fromkeys(register.taking_part, facts)


def issue_plan(register: Register, distribution: str, plan: Plan) -> Told:
    """Return what tells every court of *plan*, which gets the next number.

    :raises InvalidInput: a claim that takes part is not in it, one that left is, or the mode is not that of the debtor.
    :raises WrongState: something was paid already.
    """
    _require_nothing_paid(register)
    _check_claims(register, plan)
    _check_mode(register, plan.mode)
    plan = replace(plan, number=next_plan(register))
    shares = plan.shares
    assert shares.total == plan.total, "no fen is lost or doubled"
    facts = {"distribution": distribution, **plan.facts()}
    return {
        matter: {**facts, "share": shares.of[member.claim.number]}
        for matter, member in register.taking_part.items()
    }


def next_plan(register: Register) -> int:
    """Return the number of the next plan."""
    return register.plan.number + 1 if register.plan else 1


def settle_plan(standing: Standing, distribution: str) -> tuple[EventKind, Told]:
    """Return the event that settles the plan, and what it tells every court.

    :raises WrongState: something is still awaited, which the message names; or it is settled already.
    """
    register = standing.register
    if register.is_settled:
        raise WrongState(Reason.WRONG_STATE, "分配方案已确定")
    settlement = standing.settlement()
    if settlement is None or register.plan is None:
        awaited = "、".join(dict.fromkeys(each.wait.zh for each in standing.awaited()))
        raise WrongState(Reason.TOO_EARLY, f"还不能确定分配方案：{awaited}（民诉法解释第509条、第510条）")
    assert settlement.total == register.plan.total, "no fen is lost or doubled"
    facts: JsonObject = {
        "distribution": distribution,
        "plan": register.plan.number,
        "total": register.plan.total,
        "costs": settlement.costs,
        "payments": _rows(settlement.payments),
        "remainder": settlement.remainder,
    }
    if not standing.with_fate(ObjectionFate.SUED):
        return EventKind.PLAN_SETTLED, everywhere(register, facts)
    facts["deposited"] = settlement.deposited
    return EventKind.UNDISPUTED_SETTLED, everywhere(register, facts)


def check_payment(register: Register, matter: str, paid: int) -> None:
    """Let pass the payment of what is due to the claim of *matter*, in fen.

    :raises WrongState: the plan is not settled in every matter.
    :raises InvalidInput: another sum is due.
    """
    member = register.taking_part.get(matter)
    if member is None or not register.is_settled:
        raise WrongState(Reason.WRONG_STATE, "分配方案尚未在全部参与分配事项中确定，不能付款")
    if paid != (due := member.due - member.paid):
        raise InvalidInput.in_field("paid_fen", f"应付 {due} 分，请核对")


def release_deposit(
    standing: Standing, distribution: str, judged: Sequence[Correction], judged_at: int
) -> Told:
    """Return what tells every court how the deposit is released by judgments of *judged_at* (ms).

    :raises WrongState: nothing is deposited, or what nobody disputed is not paid yet.
    :raises InvalidInput: somebody would have to give back what was paid.
    """
    register = standing.register
    members = list(register.taking_part.values())
    if register.plan is None or not members or not _is_with_deposit(members):
        raise WrongState(Reason.WRONG_STATE, "没有提存款")
    if any(member.payments_made == 0 for member in members):
        raise WrongState(Reason.WRONG_STATE, "请先付清无争议的部分，再处理提存款")
    first = members[0]
    assert first.payments is not None, "settled with a deposit"
    settled = Settlement(0, first.payments, first.deposited, first.remainder)
    upheld = [each.correction for each in standing.with_fate(ObjectionFate.UPHELD)]
    released = release(register.plan, upheld, settled, judged)
    assert sum(released.payments.values()) + released.remainder == first.deposited, "no fen is lost"
    return everywhere(
        register,
        {
            "distribution": distribution,
            "deposited": first.deposited,
            "payments": _rows(released.payments),
            "remainder": released.remainder,
            "judged": judged_at,
        },
    )


def _is_with_deposit(members: Sequence[Member]) -> bool:
    return all(member.is_disputed and not member.is_released for member in members)


def _require_nothing_paid(register: Register) -> None:
    if any(member.payments_made for member in register.members.values()):
        raise WrongState(Reason.WRONG_STATE, "已按分配方案付款，不能再制作新方案")


def _check_claims(register: Register, plan: Plan) -> None:
    numbers = [claim.number for claim in plan.claims]
    for member in register.members.values():
        if member.left and member.claim.number in numbers:
            raise InvalidInput.in_field("plan.claims", f"{member.claim.number} 号债权已退出参与分配，请删去")
        if not member.left and member.claim.number not in numbers:
            raise InvalidInput.in_field("plan.claims", f"缺少 {member.claim.number} 号债权")
    if any(number < 1 for number in numbers):
        raise InvalidInput.in_field("plan.claims", "债权序号应为从 1 开始的整数")
    everywhere(register, {})


def _check_mode(register: Register, mode: Mode) -> None:
    is_enterprise = any(member.debtor == ENTERPRISE for member in register.taking_part.values())
    if is_enterprise and mode is not Mode.BY_SEIZURE:
        raise InvalidInput.in_field(
            "plan.mode",
            "被执行人是企业法人，普通债权按查封先后受偿；符合破产条件的，应征询意见移送破产审查"
            "（民诉法解释第511条至第514条）",
        )
    if not is_enterprise and mode is not Mode.PRO_RATA:
        raise InvalidInput.in_field(
            "plan.mode", "被执行人是自然人或者其他组织，普通债权按比例受偿（民诉法解释第508条）"
        )


def _rows(sums: Mapping[int, int]) -> list[JsonValue]:
    return [list(row) for row in sorted(sums.items())]
