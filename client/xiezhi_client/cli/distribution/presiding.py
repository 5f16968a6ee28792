"""What the presiding court does in all matters of a distribution at once: plan, services, objections, settlement."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Papers, parse_time, read_file
from xiezhi_client.cli.distribution.creditor import Served, Way, paper_of
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
)
from xiezhi_client.cli.papers.fields import Formats, formats_of
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import (
    ActionReceipt,
    Client,
    DistributionPlan,
    Document,
    IssuedPlan,
    LetterOrder,
    MadeLetter,
)
from xiezhi_client.typed.money import yuan
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_client.typed.reasons import code_of
from xiezhi_domain.terms import Action, PaperType

app = typer.Typer()
PlanFile = Annotated[
    Path, typer.Option("--file", exists=True, dir_okay=False, help="分配方案（JSON 或 TOML），字段见使用手册")
]
Receipts = tuple[ActionReceipt, ...]


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


@app.command(help="向全部参与法院发出分配方案，--attach 随附方案文书；再次发出的代替前一方案")
def plan(
    ctx: typer.Context,
    distribution: Id,
    file: PlanFile,
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Issue a plan."""
    run, papers = run_of(ctx), [Paper.parse(each) for each in attach]
    asked = DistributionPlan.from_plain(read_file(file))

    async def work(client: Client) -> IssuedPlan:
        documents = await _uploaded(client, distribution, papers)
        return await client.distributions.issue_plan(distribution, asked, documents)

    issued = run.online(work)
    run.screen.data(issued)
    if issued.plan is not None:
        show_plan(run.screen, issued.plan)
    say_receipts(run.screen, Action.ISSUE_PLAN, issued.receipts)


@app.command(
    "paper", help="按现行方案制作财产分配方案文书，存入每件事项；--send 同时发给各参与法院，由其送达债权人"
)
def plan_paper(
    ctx: typer.Context,
    distribution: Id,
    formats: Formats = [],  # noqa: B006  typer reads it as "none given"
    send: Annotated[bool, typer.Option("--send", help="发给各参与法院")] = False,
) -> None:
    """Make the paper of the plan in force for every matter."""
    run, forms = run_of(ctx), formats_of(formats)

    async def work(client: Client) -> dict[str, tuple[MadeLetter, ...]]:
        made = {}
        for matter in await _matters(client, distribution):
            order = LetterOrder(paper_type="DISTRIBUTION_PLAN", instruction_id=matter, formats=forms)
            made[matter] = await client.papers.make(order, purpose=PaperType.DISTRIBUTION_PLAN.zh)
            if send:
                documents = [each.document for each in made[matter] if each.document]
                await client.instructions.supply_material(matter, documents, PaperType.DISTRIBUTION_PLAN.zh)
        return made

    made = run.online(work)
    run.screen.data(made)
    for matter, letters in made.items():
        for each in letters:
            document = each.document.sha256 if each.document else ""
            run.screen.say(f"事项 {matter}：{each.name}，文书标识 {document}{'，已发送' if send else ''}")


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
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Record a service on an own party."""
    what, moment_of, code = paper_of(paper), parse_time(at), code_of("service_way", way)
    _tell(
        ctx,
        Action.RECORD_RECEIPT,
        distribution,
        attach,
        lambda client, papers: client.distributions.record_receipt(
            what,
            moment_of,
            code,
            distribution_id=distribution,
            party=party,
            objection_id=objection,
            text=text,
            documents=papers,
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
    claim: Corrections = [],  # noqa: B006  likewise
    text: Text = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Notify an objection."""

    async def work(client: Client, papers: tuple[Document, ...]) -> Receipts:
        _, receipts = await client.distributions.notify_objection(
            distribution,
            objection,
            party=party,
            handed_in_at=moment(at),
            ground=code_of("objection", ground),
            corrections=corrections(claim),
            text=text,
            documents=papers,
        )
        return receipts

    _tell(ctx, Action.NOTIFY_OBJECTION, distribution, attach, work)


@app.command(help="通知异议人有反对意见；本院当事人的反对意见另填 --at")
def opposed(
    ctx: typer.Context,
    distribution: Id,
    objection: Objection,
    party: Party,
    at: At = "",
    text: Text = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Tell the objector."""
    _tell(
        ctx,
        Action.TELL_COUNTER_OBJECTION,
        distribution,
        attach,
        lambda client, papers: client.distributions.tell_counter_objection(
            distribution, objection, party, handed_in_at=moment(at), text=text, documents=papers
        ),
    )


@app.command("own-suit", help="登记本院债权人或者被执行人提起的分配方案异议之诉，附受理材料或者写明受理情况")
def own_suit(
    ctx: typer.Context,
    distribution: Id,
    objection: Objection,
    at: At,
    text: Text = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Record the suit of an own party."""
    filed_at = parse_time(at)
    _tell(
        ctx,
        Action.PROVE_SUIT,
        distribution,
        attach,
        lambda client, papers: client.distributions.prove_suit(
            objection, filed_at, distribution_id=distribution, text=text, documents=papers
        ),
    )


@app.command(help="确定分配方案：无人反对的异议照改，涉诉的部分提存；--attach 随附据以确定的文书")
def settle(
    ctx: typer.Context,
    distribution: Id,
    text: Text = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Settle the plan."""
    run, papers = run_of(ctx), [Paper.parse(each) for each in attach]

    async def work(client: Client) -> tuple[int, Receipts]:
        documents = await _uploaded(client, distribution, papers)
        return await client.distributions.settle(distribution, text, documents)

    deposited, receipts = run.online(work)
    run.screen.data({"deposited_fen": deposited, "receipts": receipts})
    say_receipts(run.screen, Action.SETTLE_PLAN, receipts)
    if deposited:
        run.screen.say(f"提存：{yuan(deposited)} 元")


@app.command(help="依生效裁判处理提存款；不填 --claim 的按原方案")
def release(
    ctx: typer.Context,
    distribution: Id,
    at: At,
    judgment: Annotated[str, typer.Option("--judgment", help="裁判文书案号")],
    claim: Corrections = [],  # noqa: B006  likewise
    text: Text = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Release the deposit."""
    judged_at, corrected = parse_time(at), corrections(claim)
    _tell(
        ctx,
        Action.RELEASE_DEPOSIT,
        distribution,
        attach,
        lambda client, papers: client.distributions.release_deposit(
            distribution, judged_at, judgment, corrected, text, papers
        ),
    )


def _tell(
    ctx: typer.Context,
    action: Action,
    distribution: str,
    attach: Sequence[str],
    step: Callable[[Client, tuple[Document, ...]], Awaitable[Receipts]],
) -> None:
    """Take a step in all matters of a distribution; its papers are uploaded for each of them."""
    run, papers = run_of(ctx), [Paper.parse(each) for each in attach]

    async def work(client: Client) -> Receipts:
        return await step(client, await _uploaded(client, distribution, papers))

    receipts = run.online(work)
    run.screen.data(receipts)
    say_receipts(run.screen, action, receipts)


async def _uploaded(client: Client, distribution: str, papers: Sequence[Paper]) -> tuple[Document, ...]:
    """Upload *papers* for each matter of a distribution; they are the same in all."""
    documents: tuple[Document, ...] = ()
    for matter in await _matters(client, distribution) if papers else ():
        documents = await upload(client, matter, papers)
    return documents


async def _matters(client: Client, distribution: str) -> list[str]:
    """Give the matters of the claims that take part."""
    found = await client.distributions.get(distribution_id=distribution)
    return [share.instruction_id for share in found.shares if not share.left]
