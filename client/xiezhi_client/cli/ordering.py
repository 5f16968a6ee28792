"""A superior's orders: the intermediate court's commands (the profile names the hub), and those of the lower courts."""

import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from xiezhi_client.cli.arguments import Papers, parse_time
from xiezhi_client.cli.remedies.options import Why
from xiezhi_client.cli.run import run_of, say_receipt
from xiezhi_client.cli.superior import Number, Purpose
from xiezhi_client.sdk import (
    ActionReceipt,
    Client,
    CourtOrder,
    CourtRequest,
    FiledCaseOfOrder,
    FiledRequest,
    Hearing,
    InstructionSummary,
    IssuedOrder,
    MovedMatters,
    NewCaseFiling,
    OldCaseClosing,
    OrderDraft,
    StruckCase,
    new_instruction_id,
)
from xiezhi_client.typed.money import yuan
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_client.typed.reasons import code_of
from xiezhi_client.typed.words import word
from xiezhi_domain.plain_values import read_toml
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Action, EventKind, State

app = typer.Typer(no_args_is_help=True)
DraftId = Annotated[str, typer.Argument(help="拟稿编号，见 order drafts")]
Opinion = Annotated[str, typer.Option("--opinion", help="审批意见")]
Received = Annotated[bool, typer.Option("--received", help="本院收到的决定；不写则为中院作出的")]
Content = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="TOML 文件，字段见用户手册“上级法院的决定”")
]
Text = Annotated[str, typer.Option("--text", help="文字说明")]
Result = Annotated[str, typer.Option("--result", help="结果，例如 已落实")]


@app.command(help="交叉执行候选案件：由数据提出，是否决定由人判断")
def candidates(ctx: typer.Context) -> None:
    """List candidates."""
    run = run_of(ctx)
    found = run.online(lambda client: client.orders.candidates())
    run.screen.data(found)
    rows = [(each.candidate_id, each.reason, len(each.cases), each.suggested_court) for each in found]
    run.screen.table("", ("候选编号", "理由", "案件数", "建议接收法院"), rows)


@app.command("from-candidate", help="按候选案件拟稿，再用 order draft --draft 补齐")
def from_candidate(
    ctx: typer.Context,
    candidate: Annotated[str, typer.Argument(help="候选编号")],
    court: Annotated[str, typer.Option("--court", help="接收案件的法院；不写则按建议")] = "",
) -> None:
    """Draft from a candidate."""
    run = run_of(ctx)
    _say_draft(run, run.online(lambda client: client.orders.draft_from_candidate(candidate, court)))


@app.command(help="拟写决定；须由他人审批后下发")
def draft(
    ctx: typer.Context,
    content: Content,
    draft_id: Annotated[str, typer.Option("--draft", help="重写该拟稿")] = "",
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Draft an order."""
    run, papers = run_of(ctx), [Paper.parse(each) for each in attach]
    order = CourtOrder.from_plain(_read(content))

    async def work(client: Client) -> OrderDraft:
        which = draft_id or new_instruction_id()
        documents = await upload(client, which, papers)
        return await client.orders.draft(replace(order, documents=(*order.documents, *documents)), which)

    _say_draft(run, run.online(work))


@app.command(help="待审批的决定拟稿")
def drafts(ctx: typer.Context) -> None:
    """List drafts that wait."""
    run = run_of(ctx)
    found = run.online(lambda client: client.orders.drafts(waiting_only=True))
    run.screen.data(found)
    rows = [
        (
            each.draft_id,
            _kind(each.order.kind) if each.order else "",
            each.order.subject if each.order else "",
            each.author,
            "；".join(each.lacking),
            each.content_hash,
        )
        for each in found
    ]
    run.screen.table("", ("拟稿编号", "种类", "标题", "拟稿人", "尚缺", "内容哈希"), rows)


@app.command(help="同意并下发；审阅之后被修改的拟稿不会下发")
def approve(
    ctx: typer.Context,
    draft_id: DraftId,
    seen: Annotated[str, typer.Option("--seen", help="所审阅拟稿的内容哈希，见 order drafts")],
    opinion: Opinion = "",
) -> None:
    """Approve a draft and issue it."""
    run = run_of(ctx)
    receipts = run.online(lambda client: client.orders.approve(draft_id, opinion, seen=seen))
    run.screen.data(receipts)
    for receipt in receipts:
        say_receipt(run.screen, Action.ISSUE_ORDER, receipt)


@app.command(help=f"{Action.DISCARD.zh}：拟稿人（或其代理人）放弃待审批的拟稿，不能恢复")
def discard(ctx: typer.Context, draft_id: DraftId) -> None:
    """Discard an own draft."""
    run = run_of(ctx)
    run.screen.data(run.online(lambda client: client.orders.discard(draft_id)))
    run.screen.say(f"拟稿{State.DISCARDED.zh}：{draft_id}")


@app.command(help="不同意下发")
def reject(ctx: typer.Context, draft_id: DraftId, opinion: Opinion) -> None:
    """Do not approve a draft."""
    run = run_of(ctx)
    run.screen.data(run.online(lambda client: client.orders.reject(draft_id, opinion)))


@app.command("list", help="决定列表，每个法院一行，最新的在前")
def list_(ctx: typer.Context, received: Received = False) -> None:
    """List orders."""
    run = run_of(ctx)

    async def work(client: Client) -> list[InstructionSummary]:
        rows = client.received_orders.list() if received else client.orders.list()
        return [row async for row in rows]

    _say_rows(run, run.online(work))


@app.command(help="查看一件决定及其办理情况；查看会留痕")
def show(ctx: typer.Context, matter: Number, received: Received = False, reason: Purpose = "") -> None:
    """Show one."""
    run = run_of(ctx)

    async def work(client: Client) -> IssuedOrder:
        if received:
            return await client.received_orders.get(matter)
        return await client.orders.get(matter, reason)

    found = run.online(work)
    run.screen.data(found)
    order = found.order or CourtOrder()
    run.screen.pairs(
        order.subject,
        {
            "种类": _kind(order.kind),
            "要求": order.requirement,
            "事实和依据": order.ground,
            "接收案件的法院": order.new_court,
            "尚不能归结": "；".join(found.unfinished),
        },
    )
    cases = [
        (each.court, each.case_number, yuan(each.claim_fen - each.recovered_fen)) for each in order.cases
    ]
    run.screen.table("案件", ("法院", "案号", "余额"), cases)
    if found.kept:
        run.screen.table(
            "仍在原执行法院的事项",
            ("编号", "原因"),
            [(each.matter_number, each.reason) for each in found.kept],
        )
    rows = [
        (
            each.summary.receiver if each.summary else "",
            each.summary.matter_number if each.summary else "",
            word(State, each.summary.state) if each.summary else "",
            "；".join(note.text for note in each.notes),
        )
        for each in found.courts
    ]
    run.screen.table("各院", ("法院", "编号", "状态", "报告与批复"), rows)


@app.command(help=Action.ANSWER_CONSULTATION.zh)
def answer(ctx: typer.Context, matter: Number, text: Why) -> None:
    """Answer a question or a difficulty."""
    _step(ctx, Action.ANSWER_CONSULTATION, lambda client: client.orders.answer(matter, text))


@app.command(help=Action.CHANGE_ORDER.zh)
def change(
    ctx: typer.Context,
    matter: Number,
    text: Why,
    until: Annotated[str, typer.Option("--until", help="完成期限的最后一日，例如 2026-11-22")] = "",
    balance: Annotated[int, typer.Option("--balance-fen", help="余额，分；不写则不变")] = -1,
) -> None:
    """Change an order for one court."""
    fen = None if balance < 0 else balance
    _step(ctx, Action.CHANGE_ORDER, lambda client: client.orders.change(matter, text, until, fen))


@app.command(help=Action.MOVE_MATTERS.zh)
def move(ctx: typer.Context, matter: Number, text: Text = "") -> None:
    """Move the open matters of the cases."""
    run = run_of(ctx)

    async def work(client: Client) -> MovedMatters:
        return await client.orders.move_matters(matter, text)

    found = run.online(work)
    run.screen.data(found)
    run.screen.say(f"已移转 {len(found.moved)} 件：{'、'.join(found.moved)}")
    if found.merged:
        run.screen.say(f"{EventKind.MERGED.zh} {len(found.merged)} 件：{'、'.join(found.merged)}")
    run.screen.table("未移转", ("编号", "原因"), [(each.matter_number, each.reason) for each in found.kept])


@app.command(help=Action.ELEVATE_CASE.zh)
def elevate(
    ctx: typer.Context,
    matter: Number,
    case: Annotated[list[str], typer.Option("--case", help="原案号=新案号=余额(分)；可重复")],
    at: Annotated[str, typer.Option("--at", help="立案时间，例如 2026-11-22T09:30；不写则为现在")] = "",
) -> None:
    """Record the case that the superior has filed."""
    when = parse_time(at) if at else None
    filing = _filing(case)
    _step(
        ctx,
        Action.ELEVATE_CASE,
        lambda client: client.orders.record_elevated_case(matter, filing, filed_at=when),
    )


@app.command("return", help=Action.RETURN_REPLY.zh)
def return_report(ctx: typer.Context, matter: Number, text: Why) -> None:
    """Send a report back."""
    _step(ctx, Action.RETURN_REPLY, lambda client: client.orders.return_report(matter, text))


@app.command(help=Action.CLOSE_ORDER.zh)
def close(ctx: typer.Context, matter: Number, result: Result, text: Text = "") -> None:
    """Close an order at one court."""
    code = code_of("order_result", result)
    _step(ctx, Action.CLOSE_ORDER, lambda client: client.orders.close(matter, code, text))


@app.command(help=Action.REVOKE.zh)
def revoke(ctx: typer.Context, matter: Number, text: Why) -> None:
    """Revoke an order at one court."""
    _step(ctx, Action.REVOKE, lambda client: client.orders.revoke(matter, text))


# --- At the court that is ordered ------------------------------------------------------------------------------------


@app.command(help="下级法院：请示或者报告困难；不影响执行")
def consult(
    ctx: typer.Context,
    matter: Number,
    text: Why,
    difficulty: Annotated[bool, typer.Option("--difficulty", help="报告困难；不写则为请示")] = False,
) -> None:
    """Ask, or report a difficulty."""
    code = "DIFFICULTY" if difficulty else "DIRECTION"
    _received_step(
        ctx, matter, Action.CONSULT, lambda client, which: client.received_orders.consult(which, code, text)
    )


@app.command("close-case", help="原执行法院：登记原案销案")
def close_case(
    ctx: typer.Context,
    matter: Number,
    case: Annotated[list[str], typer.Option("--case", help="案号=余额(分)；可重复")],
    at: Annotated[str, typer.Option("--at", help="销案时间，例如 2026-11-22T09:30；不写则为现在")] = "",
) -> None:
    """Record that the old cases were struck off."""
    when = parse_time(at) if at else None
    closing = OldCaseClosing(cases=tuple(map(_struck, case)))
    _received_step(
        ctx,
        matter,
        Action.CLOSE_OLD_CASE,
        lambda client, which: client.received_orders.close_old_case(which, closing, closed_at=when),
    )


@app.command("file-case", help="接收案件的法院：登记新案立案")
def file_case(
    ctx: typer.Context,
    matter: Number,
    case: Annotated[list[str], typer.Option("--case", help="原案号=新案号=余额(分)；可重复")],
    at: Annotated[str, typer.Option("--at", help="立案时间，例如 2026-11-22T09:30；不写则为现在")] = "",
) -> None:
    """Record the new cases."""
    when = parse_time(at) if at else None
    filing = _filing(case)
    _received_step(
        ctx,
        matter,
        Action.FILE_NEW_CASE,
        lambda client, which: client.received_orders.file_new_case(which, filing, filed_at=when),
    )


@app.command(help="执行局长：报告结果")
def report(
    ctx: typer.Context,
    matter: Number,
    result: Result,
    text: Why,
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Report the result."""
    code, papers = code_of("order_result", result), [Paper.parse(each) for each in attach]

    async def step(client: Client, which: str) -> ActionReceipt:
        return await client.received_orders.report(which, code, text, await upload(client, which, papers))

    _received_step(ctx, matter, Action.ANSWER_ORDER, step)


# --- Requests --------------------------------------------------------------------------------------------------------

requests = typer.Typer(no_args_is_help=True)
app.add_typer(requests, name="request", help="报请与执行协调：下级法院报请，中院受理、听取意见、决定")


@requests.command(help="下级法院：报请或者报告争议")
def file(
    ctx: typer.Context,
    content: Content,
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Report up."""
    request, papers = CourtRequest.from_plain(_read(content)), [Paper.parse(each) for each in attach]

    async def step(client: Client) -> ActionReceipt:
        which = new_instruction_id()
        documents = await upload(client, which, papers)
        return await client.own_requests.file(replace(request, documents=documents), which)

    _step(ctx, Action.REQUEST_ORDER, step)


@requests.command("list", help="报请列表，最新的在前")
def list_requests(
    ctx: typer.Context,
    own: Annotated[bool, typer.Option("--own", help="本院的报请；不写则为中院收到的")] = False,
) -> None:
    """List requests."""
    run = run_of(ctx)

    async def work(client: Client) -> list[InstructionSummary]:
        rows = client.own_requests.list() if own else client.request_desk.list()
        return [row async for row in rows]

    _say_rows(run, run.online(work))


@requests.command("show", help="查看一件报请及决定；查看会留痕")
def show_request(
    ctx: typer.Context,
    matter: Number,
    own: Annotated[bool, typer.Option("--own", help="本院的报请")] = False,
    reason: Purpose = "",
) -> None:
    """Show a request."""
    run = run_of(ctx)

    async def work(client: Client) -> FiledRequest:
        if own:
            return await client.own_requests.get(matter)
        return await client.request_desk.get(matter, reason)

    found = run.online(work)
    run.screen.data(found)
    said = found.request or CourtRequest()
    results = shipped_rulebook().reasons("request_result")
    run.screen.pairs(
        said.subject,
        {
            "请求和理由": said.position,
            "请求作出的决定": _kind(said.order_kind),
            "争议法院": said.other_court,
            "对方意见": said.other_position,
            "协商经过": said.negotiation,
            EventKind.HEARING_HELD.zh: "；".join(f"{each.held_on} {each.summary}" for each in found.hearings),
            "结果": results.get(found.result, found.result),
            "决定内容": found.decision,
        },
    )


@requests.command(help=Action.ACCEPT_REQUEST.zh)
def accept(ctx: typer.Context, matter: Number) -> None:
    """Take a request on."""
    _step(ctx, Action.ACCEPT_REQUEST, lambda client: client.request_desk.accept(matter))


@requests.command(help=Action.HOLD_HEARING.zh)
def hear(
    ctx: typer.Context,
    matter: Number,
    on: Annotated[str, typer.Option("--on", help="日期，例如 2026-11-22")],
    text: Why,
    attach: Papers,
    place: Annotated[str, typer.Option("--place", help="地点")] = "",
) -> None:
    """Record a hearing."""
    hearing, papers = Hearing(held_on=on, place=place, summary=text), [Paper.parse(each) for each in attach]

    async def step(client: Client) -> ActionReceipt:
        request_id = new_instruction_id()
        documents = await upload(client, request_id, papers)
        return await client.request_desk.record_hearing(matter, hearing, documents, request_id=request_id)

    _step(ctx, Action.HOLD_HEARING, step)


@requests.command(help="不经下发决定而了结：不予准许、部分准许或者已达成一致")
def decide(ctx: typer.Context, matter: Number, result: Result, text: Why) -> None:
    """Decide a request without an order."""
    code = code_of("request_result", result)
    _step(ctx, Action.DECIDE_REQUEST, lambda client: client.request_desk.decide(matter, code, text))


# --- What the commands share -----------------------------------------------------------------------------------------


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise typer.BadParameter(f"{path.name} 不是正确的 TOML：{error}") from error


def _struck(text: str) -> StruckCase:
    number, _, balance = text.partition("=")
    return StruckCase(case_number=number.strip(), balance_fen=_fen(balance))


def _filing(cases: list[str]) -> NewCaseFiling:
    rows = [(*each.split("="), "", "")[:3] for each in cases]
    return NewCaseFiling(
        cases=tuple(
            FiledCaseOfOrder(
                old_case_number=old.strip(), new_case_number=new.strip(), balance_fen=_fen(balance)
            )
            for old, new, balance in rows
        )
    )


def _fen(text: str) -> int:
    if not text.strip().isdecimal():
        raise typer.BadParameter(f"余额应为以分计的整数：{text}")
    return int(text)


def _kind(code: str) -> str:
    rules = shipped_rulebook().kinds.get(code)
    return rules.name if rules else code


def _say_draft(run: Any, found: OrderDraft) -> None:
    run.screen.data(found)
    run.screen.say(f"已拟稿，待审批：{found.draft_id}")
    for each in found.lacking:
        run.screen.say(f"尚缺：{each}")


def _say_rows(run: Any, found: list[InstructionSummary]) -> None:
    run.screen.data(found)
    rows = [
        (row.matter_number, _kind(row.kind), row.receiver, word(State, row.state), row.due_at)
        for row in found
    ]
    run.screen.table("", ("编号", "种类", "法院", "状态", "期限"), rows)


def _step(ctx: typer.Context, action: Action, step: Callable[[Client], Awaitable[ActionReceipt]]) -> None:
    run = run_of(ctx)
    receipt = run.online(step)
    run.screen.data(receipt)
    say_receipt(run.screen, action, receipt)


def _received_step(
    ctx: typer.Context,
    matter: str,
    action: Action,
    step: Callable[[Client, str], Awaitable[ActionReceipt]],
) -> None:
    """Take a step on a received order; its number is what people type."""

    async def work(client: Client) -> ActionReceipt:
        found = await client.received_orders.get(matter)
        summary = found.courts[0].summary if found.courts else None
        return await step(client, summary.instruction_id if summary else matter)

    _step(ctx, action, work)
