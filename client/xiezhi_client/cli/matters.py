"""Lists of matters, and one matter with its timeline."""

from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, cast

import typer

from xiezhi_client.cli.arguments import Matter
from xiezhi_client.cli.deadlines import show_deadlines
from xiezhi_client.cli.history import history_rows
from xiezhi_client.cli.run import Run, instruction_id, run_of, up_to
from xiezhi_client.cli.screen import cell
from xiezhi_client.sdk import (
    Client,
    EventRecord,
    Instruction,
    InstructionSummary,
    ListFilter,
    MatterDeadlines,
    TimelineEntry,
)
from xiezhi_client.sdk.vocabulary import Box, InstructionState, ListFormat
from xiezhi_client.sheets.writing import write
from xiezhi_client.typed.words import identifier, kind_word, word, words
from xiezhi_domain.terms import (
    Act,
    Action,
    CourtLevel,
    EventKind,
    LogStanding,
    Mark,
    Outcome,
    PaperType,
    State,
)

app = typer.Typer()

SUMMARY_COLUMNS: Final = (
    "编号",
    "类型",
    "发出",
    "承接",
    "案号",
    "对象",
    "状态",
    "标记",
    "承办人",
    "期限",
    "更新",
)

All = Annotated[bool, typer.Option("--all", help="包括已结束的")]
States = Annotated[list[str], typer.Option("--state", help="只看某状态，如 待签收；可重复")]
Words = Annotated[str, typer.Option("--text", help="在案号、事项编号、对象名称中查找")]
Court = Annotated[str, typer.Option("--court", help="只看与某法院之间的")]
Overdue = Annotated[bool, typer.Option("--overdue", help="只看超期的")]
Mine = Annotated[bool, typer.Option("--mine", help="只看自己承办的")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="最多显示几条")]
Export = Annotated[Path | None, typer.Option("--export", dir_okay=False, help="另存为 CSV 或 XLSX 文件")]
Purpose = Annotated[str, typer.Option("--purpose", help="另存的用途，记入查看记录")]


@app.command(help="收到的事项")
def inbox(
    ctx: typer.Context,
    all_: All = False,
    state: States = [],  # noqa: B006  typer reads it as "none given"
    text: Words = "",
    court: Court = "",
    overdue: Overdue = False,
    mine: Mine = False,
    limit: Limit = 50,
    export: Export = None,
    purpose: Purpose = "",
) -> None:
    """List what this court received, newest first."""
    filters = {"open_only": not (all_ or state), "text": text, "other_court": court, "overdue_only": overdue}
    filters |= {"mine_only": mine}
    if export is None:
        _list(run_of(ctx), "RECEIVED", state, filters, limit)
    else:
        _take_out(run_of(ctx), "RECEIVED", state, filters, export, purpose)


@app.command(help="发出的事项")
def outbox(
    ctx: typer.Context,
    all_: All = False,
    state: States = [],  # noqa: B006  typer reads it as "none given"
    text: Words = "",
    court: Court = "",
    overdue: Overdue = False,
    mine: Mine = False,
    limit: Limit = 50,
    export: Export = None,
    purpose: Purpose = "",
) -> None:
    """List what this court sent, newest first."""
    filters = {"open_only": not (all_ or state), "text": text, "other_court": court, "overdue_only": overdue}
    filters |= {"mine_only": mine}
    if export is None:
        _list(run_of(ctx), "SENT", state, filters, limit)
    else:
        _take_out(run_of(ctx), "SENT", state, filters, export, purpose)


@app.command(help="查看一个事项和两院的办理轨迹")
def show(
    ctx: typer.Context,
    matter: Matter,
    history: Annotated[bool, typer.Option("--history", help="另列电子签名记录")] = False,
    unmask: Annotated[bool, typer.Option("--unmask", help="显示完整号码，须说明用途")] = False,
    purpose: Annotated[str, typer.Option("--purpose", help="查看用途，记入访问记录")] = "",
) -> None:
    """Show one matter, its timeline, and what proves it."""
    run = run_of(ctx)

    async def work(client: Client) -> _Looked:
        which = await instruction_id(client, matter)
        return _Looked(
            await client.instructions.get(which, unmask=unmask, purpose=purpose),
            await client.instructions.timeline(which),
            await client.deadlines.of_matter(which),
            await client.instructions.history(which) if history else (),
        )

    instruction, timeline, found, records = run.online(work)
    told = {"instruction": instruction, "timeline": timeline, "deadlines": found}
    run.screen.data(told | ({"history": records} if history else {}))
    _show_matter(run, instruction)
    show_deadlines(run, found.deadlines)
    columns = ("时间", "受理", "法院", "步骤", "经办人", "内容", "结果")
    run.screen.table("办理轨迹", columns, map(_timeline_row, timeline))
    if history:
        columns = ("序号", "日志位置", "步骤", "法院", "签名密钥", "头部校验值", "裁定")
        run.screen.table("签名记录", columns, history_rows(records))


class _Looked(NamedTuple):
    """Everything that one look at a matter fetches."""

    instruction: Instruction
    timeline: tuple[TimelineEntry, ...]
    deadlines: MatterDeadlines
    records: tuple[EventRecord, ...]


@app.command(help="法院名录")
def courts(
    ctx: typer.Context, joined: Annotated[bool, typer.Option("--joined", help="只看已接入的")] = False
) -> None:
    """List the courts of the tree."""
    run = run_of(ctx)
    found = run.online(lambda client: client.directory.courts(joined_only=joined))
    run.screen.data(found)
    rows = [
        (each.code, each.name, word(CourtLevel, each.level), each.superior, each.joined, each.last_heard)
        for each in found
    ]
    run.screen.table("", ("代字", "名称", "级别", "上级", "已接入", "最近联系"), rows)


def summary_row(each: InstructionSummary) -> tuple[Any, ...]:
    """Give the cells of `SUMMARY_COLUMNS`."""
    return (
        each.matter_number or each.instruction_id,
        kind_word(each.kind),
        each.sender,
        each.receiver,
        each.case_number,
        each.subject_names,
        word(State, each.state),
        words(Mark, each.marks),
        each.officer,
        each.due_at,
        each.updated_at,
    )


def show_list(run: Run, title: str, rows: list[InstructionSummary], export: Path | None) -> None:
    """Show matters, or write them to a file for office programs."""
    run.screen.data(rows)
    cells = [summary_row(row) for row in rows]
    if export is None:
        run.screen.table(title, SUMMARY_COLUMNS, cells)
    else:
        write(export, SUMMARY_COLUMNS, [[cell(each) for each in row] for row in cells])
        run.screen.say(f"已保存 {len(rows)} 条：{export}")


def require_purpose(export: Path, purpose: str) -> None:
    """Refuse a file that nobody says why of, or of another kind, before anything is asked for and on record."""
    if export.suffix.lower() not in {".xlsx", ".csv"}:
        raise typer.BadParameter("文件名应以 .xlsx 或 .csv 结尾")
    if not purpose.strip():
        raise typer.BadParameter("另存为文件须用 --purpose 写明用途，用途记入查看记录")


def _list(run: Run, box: Box, states: list[str], filters: dict[str, Any], limit: int) -> None:
    wanted = _states(states)
    rows = run.online(
        lambda client: up_to(
            limit, lambda size: client.instructions.list(box, wanted, page_size=size, **filters)
        )
    )
    show_list(run, "", rows, None)


def _take_out(
    run: Run, box: Box, states: list[str], filters: dict[str, Any], export: Path, purpose: str
) -> None:
    """Let the node write the whole list, who took it out and why being on record."""
    require_purpose(export, purpose)
    wanted = ListFilter(box=box, states=tuple(_states(states)), **filters)
    written: ListFormat = "CSV" if export.suffix.lower() == ".csv" else "XLSX"
    path = run.online(lambda client: client.exports.list(wanted, export, purpose, list_format=written))
    run.screen.data({"file": str(path)})
    run.screen.say(f"已保存：{path}")


def _states(names: list[str]) -> list[InstructionState]:
    return [cast(InstructionState, identifier(State, name)) for name in names]


def _show_matter(run: Run, instruction: Instruction) -> None:
    if (summary := instruction.summary) is not None:
        run.screen.pairs("", dict(zip(SUMMARY_COLUMNS, summary_row(summary), strict=True)))
    run.screen.pairs(
        "",
        {
            "请求内容": instruction.request_text,
            "紧急理由": instruction.urgency_reason,
            "审批退回、平台未受理或废弃的理由": instruction.returned_reason,
            "可办理": "、".join(word(Action, each.action) for each in instruction.actions if each.allowed),
        },
    )
    reported = {outcome.number: outcome for outcome in instruction.outcomes}
    rows = []
    for item in instruction.items:
        outcome = reported.get(item.number)
        result = (word(Outcome, outcome.outcome), outcome.note) if outcome else ("", "")
        rows.append((item.number, word(Act, item.act), item.scope, item.clue, *result))
    run.screen.table("办理项", ("序号", "行为", "要求", "线索", "结果", "备注"), rows)
    documents = [
        (word(PaperType, each.paper_type), each.name, each.size, each.sha256[:12])
        for each in instruction.documents
    ]
    run.screen.table("附件", ("类型", "名称", "字节", "校验值"), documents)


def _standing(entry: TimelineEntry) -> str:
    """Say who vouches for a step that was not refused: nobody yet, the hub, or enough of the courts as well."""
    if entry.pending:
        return Mark.PENDING.zh
    return (LogStanding.WITNESSED if entry.witnessed else LogStanding.ACCEPTED).zh


def _timeline_row(entry: TimelineEntry) -> tuple[Any, ...]:
    result = entry.refusal_reason or _standing(entry)
    names = entry.words or word(EventKind, entry.kind)
    return entry.claimed_at, entry.ruled_at, entry.court, names, entry.actor, entry.text, result
