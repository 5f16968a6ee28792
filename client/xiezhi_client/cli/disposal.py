"""处置权移交: commands of the common superior (the profile names the hub)."""

from dataclasses import replace
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter, Papers
from xiezhi_client.cli.register import show_record
from xiezhi_client.cli.run import run_of, say_receipt
from xiezhi_client.sdk import Client, DecisionDraft, DecisionOrder, new_instruction_id
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Action, DisposalDecision, State

decide = typer.Typer(no_args_is_help=True)
DraftId = Annotated[str, typer.Argument(help="拟稿编号，见 decide drafts")]
_DECISIONS = {each.zh: each for each in DisposalDecision}


@decide.command(help="拟写决定；须由他人审批后下发")
def draft(
    ctx: typer.Context,
    matter: Matter,
    decision: Annotated[str, typer.Option("--decision", help="、".join(_DECISIONS))],
    ground: Annotated[str, typer.Option("--ground", help="理由")],
    until: Annotated[str, typer.Option("--until", help=f"{DisposalDecision.DEADLINE.zh}的最后一天")] = "",
    court: Annotated[
        str, typer.Option("--court", help=f"{DisposalDecision.DESIGNATE.zh}的法院代字；不写为商请法院")
    ] = "",
    draft_id: Annotated[str, typer.Option("--draft", help="重写该拟稿")] = "",
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Draft a decision."""
    if decision not in _DECISIONS:
        raise typer.BadParameter(f"可写：{'、'.join(_DECISIONS)}", param_hint="--decision")
    plain = {"decision": _DECISIONS[decision].value, "ground": ground, "until_on": until, "court": court}
    order = DecisionOrder.from_plain({**plain, "instruction_id": " ".join(matter)})
    run, papers = run_of(ctx), [Paper.parse(each) for each in attach]

    async def work(client: Client) -> DecisionDraft:
        which = draft_id or new_instruction_id()
        documents = await upload(client, which, papers)
        return await client.decisions.draft(replace(order, documents=documents), which)

    found = run.online(work)
    run.screen.data(found)
    run.screen.say(f"已拟稿，待审批：{found.draft_id}")


@decide.command(help="待审批的决定拟稿")
def drafts(ctx: typer.Context) -> None:
    """List drafts that wait."""
    run = run_of(ctx)
    found = run.online(lambda client: client.decisions.drafts(waiting_only=True))
    run.screen.data(found)
    columns = ("拟稿编号", "事项", "决定", "法院", "期限", "拟稿人", "附件", "内容哈希")
    run.screen.table("", columns, map(_draft_row, found))


def _draft_row(drafted: DecisionDraft) -> tuple[str, ...]:
    order = drafted.order or DecisionOrder()
    matter = drafted.instruction
    return (
        drafted.draft_id,
        (matter.matter_number if matter else "") or order.instruction_id,
        word(DisposalDecision, order.decision),
        order.court,
        order.until_on,
        drafted.author,
        "、".join(document.name for document in order.documents),
        drafted.content_hash,
    )


@decide.command(help="同意并下发所审阅的决定")
def approve(
    ctx: typer.Context,
    draft_id: DraftId,
    seen: Annotated[str, typer.Option("--seen", help="所审阅拟稿的内容哈希，见 decide drafts")],
    opinion: Annotated[str, typer.Option("--opinion")] = "",
) -> None:
    """Approve and issue."""
    run = run_of(ctx)
    receipt = run.online(lambda client: client.decisions.approve(draft_id, opinion, seen=seen))
    run.screen.data(receipt)
    say_receipt(run.screen, Action.DECIDE_DISPOSAL, receipt)


@decide.command(help=f"{Action.DISCARD.zh}：拟稿人（或其代理人）放弃待审批的拟稿，不能恢复")
def discard(ctx: typer.Context, draft_id: DraftId) -> None:
    """Discard an own draft."""
    run = run_of(ctx)
    run.screen.data(run.online(lambda client: client.decisions.discard(draft_id)))
    run.screen.say(f"拟稿{State.DISCARDED.zh}：{draft_id}")


@decide.command(help="不同意下发")
def reject(ctx: typer.Context, draft_id: DraftId, opinion: Annotated[str, typer.Option("--opinion")]) -> None:
    """Do not approve."""
    run = run_of(ctx)
    run.screen.data(run.online(lambda client: client.decisions.reject(draft_id, opinion)))


@decide.command(help="查看财产查封登记簿、款项和到达证明")
def show(ctx: typer.Context, matter: Matter) -> None:
    """Show the record as the hub has it."""
    run = run_of(ctx)
    found = run.online(lambda client: client.decisions.record(" ".join(matter)))
    run.screen.data(found)
    show_record(run, found)
