"""What the presiding court does: it lets claims take part, makes the plan, settles it and pays."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter, Papers, parse_time, read_file
from xiezhi_client.cli.distribution.creditor import Served, Way, paper_of, with_papers
from xiezhi_client.cli.distribution.shown import (
    At,
    Corrections,
    Id,
    Objection,
    Party,
    Text,
    corrections,
    moment,
    say_receipts,
    show_plan,
    yuan,
)
from xiezhi_client.cli.remedies.options import code_of
from xiezhi_client.cli.run import instruction_id, run_of, say_receipt, take_step
from xiezhi_client.sdk import ActionReceipt, Admission, Client, DistributionPlan
from xiezhi_domain.terms import Action

app = typer.Typer()
Reason = Annotated[str, typer.Option("--reason", help="理由，见规则库")]
PlanFile = Annotated[
    Path, typer.Option("--file", exists=True, dir_okay=False, help="分配方案（JSON 或 TOML），字段见使用手册")
]
Receipts = tuple[ActionReceipt, ...]


@app.command(help="准予参与分配；不填 --to 时开始新的参与分配")
def admit(
    ctx: typer.Context,
    matter: Matter,
    amount: Annotated[int, typer.Option("--amount", min=1, help="准予参与的债权数额（分）")],
    debtor: Annotated[str, typer.Option("--debtor", help="被执行人：自然人、其他组织、企业法人")],
    to: Annotated[str, typer.Option("--to", metavar="参与分配标识", help="加入已有的参与分配")] = "",
    rank: Annotated[int, typer.Option("--rank", min=0, help="优先顺位；0 为普通债权")] = 0,
    text: Text = "",
) -> None:
    """Let a claim take part."""
    run = run_of(ctx)

    async def work(client: Client) -> Admission:
        which = await instruction_id(client, matter)
        return await client.distributions.admit(
            which, amount, code_of("debtor", debtor), distribution_id=to, rank=rank, text=text
        )

    admitted = run.online(work)
    run.screen.data(admitted)
    if admitted.receipt is not None:
        say_receipt(run.screen, Action.ADMIT_PARTICIPATION, admitted.receipt)
    run.screen.say(f"参与分配标识：{admitted.distribution_id}，债权序号：{admitted.claim}")


@app.command(help="不予参与分配，说明理由")
def refuse(ctx: typer.Context, matter: Matter, reason: Reason, text: Text) -> None:
    """Do not let a claim take part."""
    code = code_of("participation", reason)
    take_step(
        ctx,
        matter,
        Action.REFUSE_PARTICIPATION,
        lambda client, which: client.distributions.refuse(which, code, text),
    )


@app.command(help="测算分配方案而不发出；--out 另存 XLSX 或 PDF 表格")
def preview(
    ctx: typer.Context,
    distribution: Id,
    file: PlanFile,
    out: Annotated[Path | None, typer.Option("--out", dir_okay=False, help="表格文件，.xlsx 或 .pdf")] = None,
) -> None:
    """Work a plan out."""
    run = run_of(ctx)
    plan = DistributionPlan.from_plain(read_file(file))
    found = run.online(lambda client: client.distributions.preview(distribution, plan))
    run.screen.data(found.plan)
    if found.plan is not None:
        show_plan(run.screen, found.plan)
    if out is not None:
        out.write_bytes(found.pdf if out.suffix.casefold() == ".pdf" else found.xlsx)
        run.screen.say(f"已保存：{out}")


@app.command(help="向全部参与法院发出分配方案；再次发出的代替前一方案")
def plan(ctx: typer.Context, distribution: Id, file: PlanFile) -> None:
    """Issue a plan."""
    run = run_of(ctx)
    asked = DistributionPlan.from_plain(read_file(file))
    issued = run.online(lambda client: client.distributions.issue_plan(distribution, asked))
    run.screen.data(issued)
    if issued.plan is not None:
        show_plan(run.screen, issued.plan)
    say_receipts(run.screen, Action.ISSUE_PLAN, issued.receipts)


@app.command(help="登记本院债权人或者被执行人（0）收到方案、异议通知或者反对意见通知")
def served(
    ctx: typer.Context,
    distribution: Id,
    party: Party,
    paper: Served,
    at: At,
    way: Way,
    objection: Objection = "",
    text: Text = "",
) -> None:
    """Record a service on an own party."""
    _tell(
        ctx,
        Action.RECORD_RECEIPT,
        lambda client: client.distributions.record_receipt(
            paper_of(paper),
            parse_time(at),
            code_of("service_way", way),
            distribution_id=distribution,
            party=party,
            objection_id=objection,
            text=text,
        ),
    )


@app.command(help="通知异议：--objection 填参与法院转来的异议；本院债权人、被执行人的异议填 --party 等")
def notify(
    ctx: typer.Context,
    distribution: Id,
    objection: Objection = "",
    party: Party = 0,
    at: At = "",
    ground: Annotated[str, typer.Option("--ground", help="异议事项")] = "",
    claim: Corrections = [],  # noqa: B006  typer reads it as "none given"
    text: Text = "",
) -> None:
    """Notify an objection."""

    async def work(client: Client) -> Receipts:
        _, receipts = await client.distributions.notify_objection(
            distribution,
            objection,
            party=party,
            handed_in_at=moment(at),
            ground=code_of("objection", ground),
            corrections=corrections(claim),
            text=text,
        )
        return receipts

    _tell(ctx, Action.NOTIFY_OBJECTION, work)


@app.command(help="通知异议人有反对意见；本院当事人的反对意见另填 --at")
def opposed(
    ctx: typer.Context, distribution: Id, objection: Objection, party: Party, at: At = "", text: Text = ""
) -> None:
    """Tell the objector."""
    _tell(
        ctx,
        Action.TELL_COUNTER_OBJECTION,
        lambda client: client.distributions.tell_counter_objection(
            distribution, objection, party, handed_in_at=moment(at), text=text
        ),
    )


@app.command("own-suit", help="登记本院债权人或者被执行人提起的分配方案异议之诉")
def own_suit(ctx: typer.Context, distribution: Id, objection: Objection, at: At, text: Text) -> None:
    """Record the suit of an own party."""
    _tell(
        ctx,
        Action.PROVE_SUIT,
        lambda client: client.distributions.prove_suit(
            objection, parse_time(at), distribution_id=distribution, text=text
        ),
    )


@app.command(help="确定分配方案：无人反对的异议照改，涉诉的部分提存")
def settle(ctx: typer.Context, distribution: Id, text: Text = "") -> None:
    """Settle the plan."""
    run = run_of(ctx)
    deposited, receipts = run.online(lambda client: client.distributions.settle(distribution, text))
    run.screen.data({"deposited_fen": deposited, "receipts": receipts})
    say_receipts(run.screen, Action.SETTLE_PLAN, receipts)
    if deposited:
        run.screen.say(f"提存：{yuan(deposited)} 元")


@app.command(help="登记向某事项的债权人付款；金额应等于应付金额")
def pay(
    ctx: typer.Context,
    matter: Matter,
    amount: Annotated[int, typer.Option("--amount", min=0, help="付款金额（分）；无可分配款的填 0")],
    at: At,
    text: Text = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Record a payment."""
    with_papers(
        ctx,
        matter,
        Action.PAY_SHARE,
        attach,
        lambda client, which, papers: client.distributions.pay(which, amount, parse_time(at), text, papers),
    )


@app.command(help="依生效裁判处理提存款；不填 --claim 的按原方案")
def release(
    ctx: typer.Context,
    distribution: Id,
    at: At,
    judgment: Annotated[str, typer.Option("--judgment", help="裁判文书案号")],
    claim: Corrections = [],  # noqa: B006  likewise
    text: Text = "",
) -> None:
    """Release the deposit."""
    _tell(
        ctx,
        Action.RELEASE_DEPOSIT,
        lambda client: client.distributions.release_deposit(
            distribution, parse_time(at), judgment, corrections(claim), text
        ),
    )


@app.command(help="终结某事项的参与分配，例如已受理破产申请")
def end(ctx: typer.Context, matter: Matter, reason: Reason, text: Text) -> None:
    """End the distribution in a matter."""
    code = code_of("ended", reason)
    take_step(
        ctx,
        matter,
        Action.END_DISTRIBUTION,
        lambda client, which: client.distributions.end(which, code, text),
    )


def _tell(ctx: typer.Context, action: Action, work: Callable[[Client], Awaitable[Receipts]]) -> None:
    run = run_of(ctx)
    receipts = run.online(work)
    run.screen.data(receipts)
    say_receipts(run.screen, action, receipts)
