"""What the court of a creditor does: it passes on his application and what he hands in, and records what he gets."""

from pathlib import Path
from typing import Annotated, cast

import typer

from xiezhi_client.cli.arguments import Matter, Papers, parse_time
from xiezhi_client.cli.distribution.shown import (
    At,
    Corrections,
    Objection,
    Text,
    corrections,
    say_receipts,
    show_distribution,
)
from xiezhi_client.cli.drafts import Attached, draft_with_papers, read_order_file
from xiezhi_client.cli.run import instruction_id, run_of
from xiezhi_client.cli.steps import step_with_papers
from xiezhi_client.sdk import ActionReceipt, Client, DistributionOrder, Document
from xiezhi_client.sdk.vocabulary import DistributionPaper
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_client.typed.reasons import code_of
from xiezhi_domain.terms import Action

app = typer.Typer()
PAPERS = {"方案": "PLAN", "异议": "OBJECTION", "反对意见": "COUNTER_OBJECTION"}
Served = Annotated[str, typer.Option("--paper", help="送达的文书：方案、异议、反对意见")]
Way = Annotated[str, typer.Option("--way", help="送达方式，例如 直接送达")]


@app.command(help="起草参与分配申请（--file 文件，文书写在 attach 列表）；--submit 同时送审")
def draft(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Option("--file", exists=True, dir_okay=False, help="申请内容（JSON 或 TOML）")
    ],
    redraft: Annotated[str, typer.Option("--redraft", metavar="事项", help="重新起草已有的草稿")] = "",
    submit: Annotated[bool, typer.Option("--submit", help="起草后立即送审")] = False,
) -> None:
    """Draft an application, upload its papers, and hand it in if asked."""
    values, papers = read_order_file(file)
    order = DistributionOrder.from_plain(values)
    draft_with_papers(run_of(ctx), order, Attached(papers, []), redraft, submit=submit)


@app.command(help="查看参与分配：方案、送达、异议、待办；主持法院可填参与分配标识")
def show(
    ctx: typer.Context,
    matter: Matter,
    whole: Annotated[bool, typer.Option("--id", help="所填的是参与分配标识")] = False,
) -> None:
    """Show a distribution."""
    run = run_of(ctx)

    async def work(client: Client) -> None:
        if whole:
            found = await client.distributions.get(distribution_id=matter[0])
        else:
            found = await client.distributions.get(instruction_id=await instruction_id(client, matter))
        run.screen.data(found)
        show_distribution(run, found)

    run.online(work)


@app.command(help="登记本事项债权人收到方案、异议通知或者反对意见通知的时间和方式")
def received(
    ctx: typer.Context,
    matter: Matter,
    paper: Served,
    at: At,
    way: Way,
    objection: Objection = "",
    text: Text = "",
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Record a service."""
    run = run_of(ctx)
    papers = [Paper.parse(each) for each in attach]

    async def work(client: Client) -> tuple[ActionReceipt, ...]:
        which = await instruction_id(client, matter)
        return await client.distributions.record_receipt(
            paper_of(paper),
            parse_time(at),
            code_of("service_way", way),
            instruction_id=which,
            objection_id=objection,
            text=text,
            documents=await upload(client, which, papers),
        )

    receipts = run.online(work)
    run.screen.data(receipts)
    say_receipts(run.screen, Action.RECORD_RECEIPT, receipts)


@app.command("object", help="转交债权人对分配方案的书面异议（收到方案之日起 15 日内）")
def object_(
    ctx: typer.Context,
    matter: Matter,
    at: At,
    ground: Annotated[str, typer.Option("--ground", help="异议事项：债权数额、受偿顺位、参与分配资格、其他")],
    claim: Corrections,
    text: Text,
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Pass on an objection."""

    async def step(client: Client, which: str, papers: tuple[Document, ...]) -> ActionReceipt:
        _, receipt = await client.distributions.object_to_plan(
            which, parse_time(at), code_of("objection", ground), corrections(claim), text, papers
        )
        return receipt

    step_with_papers(ctx, matter, Action.OBJECT_TO_PLAN, attach, step)


@app.command(help="转交债权人对异议的反对意见（收到异议通知之日起 15 日内）")
def oppose(
    ctx: typer.Context,
    matter: Matter,
    objection: Objection,
    at: At,
    text: Text,
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Pass on a counter-objection."""
    step_with_papers(
        ctx,
        matter,
        Action.COUNTER_OBJECT,
        attach,
        lambda client, which, papers: client.distributions.counter_object(
            which, objection, parse_time(at), text, papers
        ),
    )


@app.command(help="登记异议人已提起分配方案异议之诉，附受理材料")
def sued(
    ctx: typer.Context, matter: Matter, objection: Objection, at: At, attach: Papers, text: Text = ""
) -> None:
    """Record a suit."""

    async def step(client: Client, which: str, papers: tuple[Document, ...]) -> ActionReceipt:
        [receipt] = await client.distributions.prove_suit(
            objection, parse_time(at), instruction_id=which, text=text, documents=papers
        )
        return receipt

    step_with_papers(ctx, matter, Action.PROVE_SUIT, attach, step)


def paper_of(text: str) -> DistributionPaper:
    """Give the code of what was served. Raise `typer.BadParameter`."""
    code = PAPERS.get(text.strip(), text.strip())
    if code not in PAPERS.values():
        raise typer.BadParameter(f"“{text}”应为下列之一：{'、'.join(PAPERS)}")
    return cast(DistributionPaper, code)
