"""The receiver's remedies: papers that lack, stops, more time, answers, the right court."""

from typing import Annotated, cast

import typer

from xiezhi_client.cli.arguments import Matter, OutcomeFile, Outcomes, Papers, Text, parse_outcomes
from xiezhi_client.cli.remedies.options import Reason, Why
from xiezhi_client.cli.run import take_step
from xiezhi_client.sdk import ActionReceipt, AskedPaper, Client, Officer
from xiezhi_client.sdk.vocabulary import PaperType as PaperName
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_client.typed.reasons import code_of
from xiezhi_client.typed.words import identifier
from xiezhi_domain.terms import Action, PaperType

app = typer.Typer()


@app.command(help="要求补充材料：应一次性告知；第二次只能针对所补材料的缺陷")
def ask_material(
    ctx: typer.Context,
    matter: Matter,
    paper: Annotated[
        list[str], typer.Option("--paper", metavar="类型[=说明]", help="缺少或有误的文书；可重复")
    ] = [],  # noqa: B006  typer reads it as "none given"
    text: Text = "",
    contact: Annotated[str, typer.Option("--contact", help="本院联系人姓名")] = "",
    phone: Annotated[str, typer.Option("--phone", help="联系人电话")] = "",
) -> None:
    """Ask for papers that lack."""
    asked = [_asked(each) for each in paper]
    officer = Officer(name=contact, phone=phone) if contact or phone else None
    take_step(
        ctx,
        matter,
        Action.ASK_FOR_MATERIAL,
        lambda client, which: client.instructions.ask_for_material(which, asked, text, officer),
    )


def _asked(text: str) -> AskedPaper:
    paper_type, _, note = text.partition("=")
    return AskedPaper(paper_type=cast(PaperName, identifier(PaperType, paper_type)), note=note.strip())


@app.command(help="回报停止到达之前的办理情况；已办成的应写明办理时间")
def stop_report(
    ctx: typer.Context,
    matter: Matter,
    text: Why,
    item: Outcomes = [],  # noqa: B006  typer reads it as "none given"
    outcomes: OutcomeFile = None,
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Report what was done before a stop."""
    results = parse_outcomes(item, outcomes)
    papers = [Paper.parse(each) for each in attach]

    async def step(client: Client, which: str) -> ActionReceipt:
        documents = await upload(client, which, papers)
        return await client.instructions.report_stop(which, text, results, documents)

    take_step(ctx, matter, Action.REPORT_STOP, step)


@app.command(help=Action.ASK_EXTENSION.zh)
def extend(
    ctx: typer.Context,
    matter: Matter,
    until: Annotated[str, typer.Option("--until", help="申请延至哪一天，如 2026-12-01")],
    reason: Reason,
    text: Why,
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Ask for more time."""
    papers, code = [Paper.parse(each) for each in attach], code_of("extension", reason)

    async def step(client: Client, which: str) -> ActionReceipt:
        documents = await upload(client, which, papers)
        return await client.instructions.ask_extension(which, until, code, text, documents)

    take_step(ctx, matter, Action.ASK_EXTENSION, step)


@app.command(help="一句话答复催办")
def nudge_answer(ctx: typer.Context, matter: Matter, text: Why) -> None:
    """Answer a nudge."""
    take_step(
        ctx, matter, Action.ANSWER_NUDGE, lambda client, which: client.instructions.answer_nudge(which, text)
    )


@app.command(help="催确认：确认期限已过，请委托法院确认")
def nudge_confirm(ctx: typer.Context, matter: Matter, text: Text = "") -> None:
    """Ask the sender to confirm."""
    take_step(
        ctx,
        matter,
        Action.NUDGE_CONFIRMATION,
        lambda client, which: client.instructions.nudge_confirmation(which, text),
    )


@app.command(help="就投诉作出说明")
def explain(
    ctx: typer.Context,
    matter: Matter,
    text: Why,
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Explain what a complaint is about."""
    papers = [Paper.parse(each) for each in attach]

    async def step(client: Client, which: str) -> ActionReceipt:
        return await client.instructions.explain_complaint(which, text, await upload(client, which, papers))

    take_step(ctx, matter, Action.EXPLAIN, step)


@app.command(help="申请将紧急事项转为普通")
def ask_ordinary(ctx: typer.Context, matter: Matter, text: Why) -> None:
    """Ask to treat an urgent matter as ordinary."""
    take_step(
        ctx,
        matter,
        Action.ASK_FOR_ORDINARY,
        lambda client, which: client.instructions.ask_for_ordinary(which, text),
    )


@app.command(help="不属于本院的，指明应受托法院，由共同上级改派")
def wrong_court(
    ctx: typer.Context,
    matter: Matter,
    court: Annotated[str, typer.Option("--court", help="应受托法院代字，如 苏0509")],
    text: Why,
    contact: Annotated[str, typer.Option("--contact", help="本院联系人姓名")],
    phone: Annotated[str, typer.Option("--phone", help="联系人电话")],
) -> None:
    """Name the right court."""
    officer = Officer(name=contact, phone=phone)
    take_step(
        ctx,
        matter,
        Action.REPORT_WRONG_COURT,
        lambda client, which: client.instructions.report_wrong_court(which, court, text, officer),
    )
