"""Plans and distributions on the screen, and what commands of both courts read alike."""

from datetime import datetime
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import parse_time
from xiezhi_client.cli.run import Run
from xiezhi_client.cli.screen import Screen, cell
from xiezhi_client.sdk import (
    ActionReceipt,
    ClaimCorrection,
    Distribution,
    DistributionPlan,
    InvalidInput,
)
from xiezhi_client.typed.money import yuan
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Action, Kind, State, SubjectRole

Text = Annotated[str, typer.Option("--text", help="说明文字")]
At = Annotated[str, typer.Option("--at", help="时间，例如 2026-01-05 09:30")]
Id = Annotated[str, typer.Argument(metavar="参与分配标识")]
Objection = Annotated[str, typer.Option("--objection", help="异议标识，见 xiezhi distribution show")]
Corrections = Annotated[
    list[str],
    typer.Option("--claim", metavar="序号=金额（分）[:顺位]", help="某号债权应有的数额和顺位；可重复"),
]
Party = Annotated[int, typer.Option("--party", min=0, help="债权序号；0 为被执行人")]

_DEBTOR = SubjectRole.DEBTOR.zh


def moment(text: str) -> datetime | None:
    """Read a time that may be left out."""
    return parse_time(text) if text else None


def corrections(texts: list[str]) -> list[ClaimCorrection]:
    """Read ``序号=金额[:顺位]``. Raise `InvalidInput`."""
    return [_correction(text) for text in texts]


def _correction(text: str) -> ClaimCorrection:
    claim, separator, rest = text.replace("：", ":").partition("=")
    amount, _, rank = rest.partition(":")
    numbers = (claim.strip(), amount.strip(), rank.strip() or "0")
    if not separator or not all(number.isdecimal() for number in numbers):
        raise InvalidInput.in_field("claim", f"“{text}”应写成 序号=金额（分）[:顺位]，例如 2=5000000")
    return ClaimCorrection(claim=int(numbers[0]), amount_fen=int(numbers[1]), rank=int(numbers[2]))


def say_receipts(screen: Screen, action: Action, receipts: tuple[ActionReceipt, ...]) -> None:
    """Say in how many matters an action was taken."""
    states = "、".join(dict.fromkeys(State(receipt.state).zh for receipt in receipts if receipt.state))
    screen.say(f"{action.zh}：{len(receipts)} 个事项，现为“{states}”")


def show_plan(screen: Screen, plan: DistributionPlan) -> None:
    """Show a plan as a table."""
    modes = shipped_rulebook().reasons("mode")
    screen.say(f"第 {plan.number} 号分配方案　{plan.debtor_name}　{plan.property}")
    screen.say(
        f"总额 {yuan(plan.total_fen)} 元，执行费用 {yuan(plan.costs_fen)} 元，"
        f"退还被执行人 {yuan(plan.remainder_fen)} 元；{modes.get(plan.mode, plan.mode)}"
    )
    rows = [
        (
            claim.number,
            claim.creditor,
            claim.court,
            yuan(claim.amount_fen),
            claim.rank or "普通",
            yuan(claim.share_fen),
        )
        for claim in plan.claims
    ]
    screen.table("分配表", ("序号", "债权人", "执行法院", "债权（元）", "优先顺位", "分配（元）"), rows)


def show_distribution(run: Run, found: Distribution) -> None:
    """Show a distribution as it stands."""
    screen = run.screen
    screen.say(f"{Kind.DISTRIBUTION.zh}：{found.distribution_id}")
    if found.plan is not None and found.plan.number:
        show_plan(screen, found.plan)
    shares = [
        (each.claim, each.court, yuan(each.due_fen), yuan(each.paid_fen), "已退出" if each.left else "")
        for each in found.shares
    ]
    screen.table("参与的债权", ("序号", "执行法院", "应付（元）", "已付（元）", ""), shares)
    objections = [
        (each.objection_id, party(each.party), cell(each.handed_in_at), each.fate)
        for each in found.objections
    ]
    if objections:
        screen.table("异议", ("异议标识", "异议人", "提交时间", "结果"), objections)
    awaited = [(each.words, party(each.party), cell(each.until)) for each in found.awaited]
    if awaited:
        screen.table("确定方案前还需", ("事项", "当事人", "至"), awaited)
    if found.deposited_fen:
        screen.say(f"提存：{yuan(found.deposited_fen)} 元")


def party(number: int) -> str:
    """Give a party as people say it."""
    return f"{number} 号债权" if number else _DEBTOR
