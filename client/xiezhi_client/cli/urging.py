"""督办: the intermediate court's commands (the profile names the hub) and those of the court that is urged."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Papers
from xiezhi_client.cli.remedies.options import Why
from xiezhi_client.cli.run import run_of, say_receipt, tell_withheld
from xiezhi_client.cli.superior import Number, Purpose
from xiezhi_client.cli.talking import place_for
from xiezhi_client.sdk import (
    ActionReceipt,
    Client,
    InstructionSummary,
    Urge,
    UrgeDraft,
    UrgeOrder,
    UrgeTarget,
    new_instruction_id,
)
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_client.typed.reasons import code_of
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Action, PaperType, State

app = typer.Typer(no_args_is_help=True)
DraftId = Annotated[str, typer.Argument(help="拟稿编号，见 urge drafts")]
Opinion = Annotated[str, typer.Option("--opinion", help="审批意见")]
Received = Annotated[bool, typer.Option("--received", help="本院收到的督办；不写则为中院发出的")]


@app.command(help="拟写督办；须由他人审批后下发")
def draft(
    ctx: typer.Context,
    court: Annotated[
        list[str], typer.Option("--court", help="被督办法院，可带关联事项：苏0508=编号,编号；可重复")
    ],
    subject: Annotated[str, typer.Option("--subject", help="标题")],
    about: Annotated[str, typer.Option("--about", help="类别，例如 签收、办理、确认")],
    requirement: Annotated[str, typer.Option("--requirement", help="要求")],
    ground: Annotated[str, typer.Option("--ground", help="事实和依据")],
    case_number: Annotated[str, typer.Option("--case", help="案号")] = "",
    days: Annotated[int, typer.Option("--days", help="回复期限，天；不写则按规则库")] = 0,
    urgent: Annotated[bool, typer.Option("--urgent", help="按紧急事项的期限")] = False,
    draft_id: Annotated[str, typer.Option("--draft", help="重写该拟稿")] = "",
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Draft a 督办."""
    order = UrgeOrder(
        subject=subject,
        about=code_of("about", about),
        requirement=requirement,
        ground=ground,
        case_number=case_number,
        limit_days=days,
        urgent=urgent,
        targets=tuple(map(_target, court)),
    )
    run, papers = run_of(ctx), [Paper.parse(each) for each in attach]

    async def work(client: Client) -> UrgeDraft:
        which = draft_id or new_instruction_id()
        documents = await upload(client, which, papers)
        return await client.urges.draft(replace(order, documents=documents), which)

    found = run.online(work)
    run.screen.data(found)
    run.screen.say(f"已拟稿，待审批：{found.draft_id}")


def _target(text: str) -> UrgeTarget:
    court, _, linked = text.partition("=")
    numbers = linked.replace("，", ",").split(",") if linked else []
    return UrgeTarget(court=court.strip(), instruction_ids=tuple(each.strip() for each in numbers))


@app.command(help="待审批的督办拟稿")
def drafts(ctx: typer.Context) -> None:
    """List drafts that wait."""
    run = run_of(ctx)
    found = run.online(lambda client: client.urges.drafts(waiting_only=True))
    run.screen.data(found)
    rows = [
        (
            each.draft_id,
            each.order.subject if each.order else "",
            "、".join(target.court for target in each.order.targets) if each.order else "",
            each.author,
            each.drafted_at,
            each.content_hash,
        )
        for each in found
    ]
    run.screen.table("", ("拟稿编号", "标题", "被督办法院", "拟稿人", "时间", "内容哈希"), rows)


@app.command(help="同意并下发；审阅之后被修改的拟稿不会下发")
def approve(
    ctx: typer.Context,
    draft_id: DraftId,
    seen: Annotated[str, typer.Option("--seen", help="所审阅拟稿的内容哈希，见 urge drafts")],
    opinion: Opinion = "",
) -> None:
    """Approve a draft and issue it."""
    run = run_of(ctx)
    receipts = run.online(lambda client: client.urges.approve(draft_id, opinion, seen=seen))
    run.screen.data(receipts)
    for receipt in receipts:
        say_receipt(run.screen, Action.URGE, receipt)


@app.command(help=f"{Action.DISCARD.zh}：拟稿人（或其代理人）放弃待审批的拟稿，不能恢复")
def discard(ctx: typer.Context, draft_id: DraftId) -> None:
    """Discard an own draft."""
    run = run_of(ctx)
    run.screen.data(run.online(lambda client: client.urges.discard(draft_id)))
    run.screen.say(f"拟稿{State.DISCARDED.zh}：{draft_id}")


@app.command(help="不同意下发")
def reject(ctx: typer.Context, draft_id: DraftId, opinion: Opinion) -> None:
    """Do not approve a draft."""
    run = run_of(ctx)
    run.screen.data(run.online(lambda client: client.urges.reject(draft_id, opinion)))


@app.command("list", help="督办列表，最新的在前")
def list_(ctx: typer.Context, received: Received = False) -> None:
    """List 督办."""
    run = run_of(ctx)

    async def work(client: Client) -> tuple[list[InstructionSummary], int]:
        if received:
            return [row async for row in client.received_urges.list()], 0
        urges = client.urges.list()
        return [row async for row in urges], urges.withheld

    found, withheld = run.online(work)
    run.screen.data(found)
    rows = [(row.matter_number, row.receiver, word(State, row.state), row.due_at) for row in found]
    run.screen.table("", ("编号", "被督办法院", "状态", "回复期限"), rows)
    tell_withheld(run, withheld)


@app.command(help="查看一件督办及其回复；查看会留痕")
def show(ctx: typer.Context, matter: Number, received: Received = False, reason: Purpose = "") -> None:
    """Show one."""
    run = run_of(ctx)
    found = run.online(partial(_look, matter=matter, received=received, reason=reason))
    run.screen.data(found)
    order = found.order or UrgeOrder()
    run.screen.pairs(
        order.subject,
        {
            "要求": order.requirement,
            "事实和依据": order.ground,
            "案号": order.case_number,
            "状态": word(State, found.summary.state) if found.summary else "",
            "回复": "；".join(reply.text for reply in found.replies),
            "待审签的回复": found.reply_draft.text if found.reply_draft else "",
            "待审签回复的内容哈希": found.reply_draft_hash,
            "审签意见": found.reply_remark,
        },
    )
    rows = [(word(PaperType, each.paper_type), each.name, each.size) for each in order.documents]
    run.screen.table("附件", ("类型", "名称", "字节"), rows)


@app.command(help="下载督办及其回复所附的文书")
def download(
    ctx: typer.Context,
    matter: Number,
    to: Annotated[Path, typer.Option("--to", exists=True, file_okay=False, help="存放的文件夹")],
    received: Received = False,
    reason: Purpose = "",
) -> None:
    """Fetch the documents of one; each is checked by its hash."""
    run = run_of(ctx)

    async def work(client: Client) -> list[Path]:
        urge = await _look(client, matter, received=received, reason=reason)
        order, which = urge.order or UrgeOrder(), urge.summary.instruction_id if urge.summary else matter
        wanted = [*order.documents, *(each for reply in urge.replies for each in reply.documents)]
        return [
            await client.documents.download(which, each.sha256, place_for(to, each, wanted))
            for each in wanted
        ]

    saved = run.online(work)
    run.screen.data([str(path) for path in saved])
    run.screen.say(f"已下载 {len(saved)} 份文书")


async def _look(client: Client, matter: str, *, received: bool, reason: str) -> Urge:
    """Fetch one as its court sees it, or, saying why, as the superior does."""
    if received:
        return await client.received_urges.get(matter)
    return await client.urges.get(matter, reason)


@app.command("return", help=Action.RETURN_REPLY.zh)
def return_reply(ctx: typer.Context, matter: Number, text: Why) -> None:
    """Send a reply back."""
    _step(ctx, Action.RETURN_REPLY, lambda client: client.urges.return_reply(matter, text))


@app.command("close", help="办结")
def close(
    ctx: typer.Context,
    matter: Number,
    result: Annotated[str, typer.Option("--result", help="结果，例如 已落实")],
    text: Annotated[str, typer.Option("--text", help="文字说明")] = "",
) -> None:
    """Close it."""
    _step(
        ctx,
        Action.CLOSE_SUPERVISION,
        lambda client: client.urges.close(matter, code_of("supervision_result", result), text),
    )


@app.command("revoke", help="撤销督办")
def revoke(ctx: typer.Context, matter: Number, text: Why) -> None:
    """Revoke it."""
    _step(ctx, Action.REVOKE, lambda client: client.urges.revoke(matter, text))


@app.command("grant", help=Action.GRANT_EXTENSION.zh)
def grant(
    ctx: typer.Context,
    matter: Number,
    until: Annotated[str, typer.Option("--until", help="延至，例如 2026-11-22；不写则按申请")] = "",
) -> None:
    """Grant more time."""
    _step(ctx, Action.GRANT_EXTENSION, lambda client: client.urges.grant_extension(matter, until))


@app.command("refuse", help=Action.REFUSE_EXTENSION.zh)
def refuse(ctx: typer.Context, matter: Number, text: Why) -> None:
    """Refuse more time."""
    _step(ctx, Action.REFUSE_EXTENSION, lambda client: client.urges.refuse_extension(matter, text))


@app.command(help="被督办法院：拟写回复，待执行局长审签")
def reply(
    ctx: typer.Context,
    matter: Number,
    text: Why,
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Write a reply, and upload the papers that show what was done."""
    run, papers = run_of(ctx), [Paper.parse(each) for each in attach]

    async def work(client: Client) -> None:
        which = await _received(client, matter)
        documents = await upload(client, which, papers)
        await client.received_urges.draft_reply(which, text, documents)

    run.online(work)
    run.screen.say("回复已拟写，待执行局长审签")


@app.command("send", help="执行局长：审签并上报回复；审阅之后被修改的回复不会上报")
def send(
    ctx: typer.Context,
    matter: Number,
    seen: Annotated[str, typer.Option("--seen", help="所审阅回复的内容哈希，见 urge show --received")],
    opinion: Opinion = "",
) -> None:
    """Sign a reply off."""
    _step(ctx, Action.REPLY, lambda client: _send(client, matter, opinion, seen))


@app.command("reply-reject", help="执行局长：把回复退回拟写人")
def reply_reject(ctx: typer.Context, matter: Number, opinion: Opinion) -> None:
    """Give a reply back."""
    run = run_of(ctx)

    async def work(client: Client) -> None:
        await client.received_urges.reject_reply(await _received(client, matter), opinion)

    run.online(work)
    run.screen.say("回复已退回拟写人")


async def _received(client: Client, number: str) -> str:
    """Return the id of a received 督办; its number is what people type."""
    found = await client.received_urges.get(number)
    return found.summary.instruction_id if found.summary else number


async def _send(client: Client, number: str, opinion: str, seen: str) -> ActionReceipt:
    return await client.received_urges.approve_reply(await _received(client, number), opinion, seen=seen)


def _step(ctx: typer.Context, action: Action, step: Callable[[Client], Awaitable[ActionReceipt]]) -> None:
    run = run_of(ctx)
    receipt = run.online(step)
    run.screen.data(receipt)
    say_receipt(run.screen, action, receipt)
