"""Ordered erasure: commands of the superior (the profile names the hub)."""

from collections.abc import Sequence
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import ErasedContent, Erasure, ErasureDraft, ErasureHolder, ErasureOrder
from xiezhi_domain.court_time import to_ms, to_text
from xiezhi_domain.terms import State

app = typer.Typer(no_args_is_help=True)
DraftId = Annotated[str, typer.Argument(help="拟稿编号，见 erase drafts")]


@app.command(help="拟写清除决定；须由分管院领导另行审批。清除后任何人都不能恢复")
def draft(
    ctx: typer.Context,
    matter: Matter,
    reason: Annotated[str, typer.Option("--reason", help="理由；不会被清除，请勿写入姓名、号码")],
    ground: Annotated[str, typer.Option("--ground", help="法律依据")],
    whole: Annotated[bool, typer.Option("--whole", help="清除该事项此前交换的全部内容和文书")] = False,
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--part", metavar="步骤标识[=部分]", help="只清除这一部分，例如 019b…=subject/1；可重复"
        ),
    ] = None,
    document: Annotated[
        list[str] | None, typer.Option("--document", metavar="SHA-256", help="清除这份文书；可重复")
    ] = None,
    with_case: Annotated[
        bool, typer.Option("--with-case", help="委托法院的案件登记一并清除（没有其他事项使用时）")
    ] = False,
) -> None:
    """Draft an order."""
    order = ErasureOrder(
        instruction_id=" ".join(matter),
        whole=whole,
        contents=_contents(part or []),
        documents=tuple(_hash(each) for each in document or []),
        with_case=with_case,
        reason=reason,
        legal_ground=ground,
    )
    run = run_of(ctx)
    found = run.online(lambda client: client.erasures.draft(order))
    run.screen.data(found)
    run.screen.say(f"已拟稿，待审批：{found.draft_id}（内容哈希 {found.content_hash}）")


@app.command(help="待审批的清除决定拟稿")
def drafts(ctx: typer.Context) -> None:
    """List drafts that wait."""
    run = run_of(ctx)
    found = run.online(lambda client: client.erasures.drafts(waiting_only=True))
    run.screen.data(found)
    columns = ("拟稿编号", "事项", "清除范围", "理由", "法律依据", "拟稿人", "内容哈希")
    run.screen.table("", columns, map(_draft_row, found))


@app.command(help="同意并作出所审阅的清除决定；作出后不能撤回")
def approve(
    ctx: typer.Context,
    draft_id: DraftId,
    seen: Annotated[str, typer.Option("--seen", help="所审阅拟稿的内容哈希，见 erase drafts")],
    opinion: Annotated[str, typer.Option("--opinion")] = "",
) -> None:
    """Approve and order."""
    run = run_of(ctx)
    found = run.online(lambda client: client.erasures.approve(draft_id, opinion, seen=seen))
    run.screen.data(found)
    run.screen.say(
        f"已责令清除：{found.matter_number}，平台日志第 {found.log_index} 项；用 erase list 查看各方是否已清除"
    )


@app.command(help="不同意清除")
def reject(ctx: typer.Context, draft_id: DraftId, opinion: Annotated[str, typer.Option("--opinion")]) -> None:
    """Do not approve."""
    run = run_of(ctx)
    run.screen.data(run.online(lambda client: client.erasures.reject(draft_id, opinion)))


@app.command(help="拟稿人放弃待审批的拟稿")
def discard(ctx: typer.Context, draft_id: DraftId) -> None:
    """Discard an own draft."""
    run = run_of(ctx)
    run.screen.data(run.online(lambda client: client.erasures.discard(draft_id)))
    run.screen.say(f"拟稿{State.DISCARDED.zh}：{draft_id}")


@app.command("list", help="已作出的清除决定：谁已清除，谁还没有")
def list_(
    ctx: typer.Context, open_only: Annotated[bool, typer.Option("--open", help="只看尚未全部清除的")] = False
) -> None:
    """List orders and answers."""
    run = run_of(ctx)
    page = run.online(lambda client: client.erasures.page(open_only=open_only))
    run.screen.data(page.erasures)
    columns = ("事项", "清除范围", "决定时间", "尚未清除", "已清除")
    run.screen.table("", columns, map(_row, page.erasures))


def _contents(parts: Sequence[str]) -> tuple[ErasedContent, ...]:
    named: dict[str, list[str]] = {}
    for each in parts:
        event_id, _, name = each.partition("=")
        named.setdefault(event_id.strip(), []).extend([name.strip()] if name.strip() else [])
    return tuple(ErasedContent(event_id=event, part_names=tuple(names)) for event, names in named.items())


def _hash(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise typer.BadParameter("应为 64 位十六进制校验值", param_hint="--document") from None


def _draft_row(drafted: ErasureDraft) -> tuple[str, ...]:
    order = drafted.order or ErasureOrder()
    return (
        drafted.draft_id,
        drafted.matter_number or order.instruction_id,
        _extent(order),
        order.reason,
        order.legal_ground,
        drafted.author,
        drafted.content_hash,
    )


def _row(erasure: Erasure) -> tuple[str, ...]:
    order = erasure.order or ErasureOrder()
    return (
        erasure.matter_number or order.instruction_id,
        _extent(order),
        to_text(to_ms(erasure.ordered_at)) if erasure.ordered_at else "",
        "、".join(_holder(each) for each in erasure.holders if each.answered_at is None) or "无",
        "、".join(_holder(each) for each in erasure.holders if each.answered_at is not None),
    )


def _holder(holder: ErasureHolder) -> str:
    name = f"{holder.court}（{'平台' if holder.hub else '节点'}）"
    if holder.answered_at is None:
        return name
    return f"{name} {to_text(to_ms(holder.answered_at))}"


def _extent(order: ErasureOrder) -> str:
    if order.whole:
        return "全部内容" + ("和案件登记" if order.with_case else "")
    parts = sum(len(each.part_names) or 1 for each in order.contents)
    return f"{parts} 处内容、{len(order.documents)} 份文书"
