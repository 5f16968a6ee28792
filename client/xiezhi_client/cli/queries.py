"""登记查询: all registries at a click, acts of registries, persons seen."""

from collections.abc import Sequence
from contextlib import aclosing
from typing import Annotated, cast

import typer

from xiezhi_client.cli.arguments import Matter
from xiezhi_client.cli.run import Run, instruction_id, run_of
from xiezhi_client.cli.screen import cell
from xiezhi_client.sdk import (
    Client,
    HitTold,
    ItemControlled,
    QueryTold,
    RegistryAnswer,
    RegistryCategory,
    RegistryQuery,
    RegistryRecord,
    Seizure,
)
from xiezhi_client.sdk.vocabulary import ControlAction as ActionName
from xiezhi_client.typed.words import identifier, word
from xiezhi_domain.terms import AnswerState, ControlAction, SeizureKind

app = typer.Typer(no_args_is_help=True)

Item = Annotated[int, typer.Option("--item", min=1, help="办理项序号")]
Categories = Annotated[
    list[str], typer.Option("--category", help="查询类别代码，见 xiezhi query categories；可重复，不填为全部")
]
Region = Annotated[str, typer.Option("--region", help="地区代码（至多六位）；不填为本院所在地区")]
Purpose = Annotated[str, typer.Option("--purpose", help="查看用途，记入访问记录")]
_FEN = 100


@app.command("run", help="一键查询：各登记机构的结果返回一个显示一个；只能查被执行人、被保全人，查询会被记录")
def run(
    ctx: typer.Context,
    matter: Matter,
    item: Item,
    subject: Annotated[int, typer.Option("--subject", min=0, help="对象序号；0 为办理项的对象")] = 0,
    category: Categories = [],  # noqa: B006  typer reads it as "none given"
    region: Region = "",
    purpose: Purpose = "",
    report: Annotated[bool, typer.Option("--report", help="查完后将结果填报为该办理项的进展")] = False,
) -> None:
    """Ask, show what comes as it comes, and report it if asked."""
    program = run_of(ctx)

    async def work(client: Client) -> None:
        found = await instruction_id(client, matter)
        query_id = ""
        asked = client.queries.run(
            found, item, subject_number=subject, categories=category, region=region, purpose=purpose
        )
        async with aclosing(asked) as telling:
            async for told in telling:
                query_id = told.query.query_id if told.query else query_id
                _tell(program, told)
        if report:
            receipt = await client.queries.report(query_id)
            program.screen.line(receipt)
            program.screen.say("已填报为办理项的进展")

    program.online(work)


@app.command("list", help="某事项的历次查询")
def list_queries(ctx: typer.Context, matter: Matter) -> None:
    """List the queries of a matter."""
    program = run_of(ctx)

    async def work(client: Client) -> list[RegistryQuery]:
        found = await instruction_id(client, matter)
        return [query async for query in client.queries.list(found)]

    queries = program.online(work)
    program.screen.data(queries)
    rows = [
        (each.query_id, each.asked_at, each.account_name, each.item_number, each.subject_name, _counts(each))
        for each in queries
    ]
    program.screen.table("登记查询", ("查询标识", "时间", "查询人", "办理项", "对象", "结果"), rows)


@app.command("show", help="查看一次查询的结果；查看会被记录")
def show(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(metavar="查询标识")],
    purpose: Purpose = "",
) -> None:
    """Show a query with its records."""
    program = run_of(ctx)
    seen = program.online(lambda client: client.queries.get(query, purpose=purpose))
    program.screen.data(seen)
    program.screen.say(f"{seen.subject_name}　{seen.case_number}　{cell(seen.asked_at)} {seen.account_name}")
    for answer in seen.answers:
        _tell_answer(program, answer)


@app.command("report", help="将查询结果填报为该办理项的进展")
def report(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(metavar="查询标识")],
    category: Categories = [],  # noqa: B006  likewise
) -> None:
    """Report answers."""
    program = run_of(ctx)
    receipt = program.online(lambda client: client.queries.report(query, categories=category))
    program.screen.data(receipt)
    program.screen.say("已填报为办理项的进展")


@app.command("act", help="由登记机构办理：查封、续封、解封、布控等；依据平台已受理的委托，同一办理项只办一次")
def act(
    ctx: typer.Context,
    matter: Matter,
    item: Item,
    action: Annotated[
        str, typer.Option("--action", help="如 查询登记状态、办理预查封登记；不填按委托的行为")
    ] = "",
    region: Region = "",
) -> None:
    """Let a registry act."""
    program = run_of(ctx)
    wanted = cast(ActionName, identifier(ControlAction, action)) if action else ""

    async def work(client: Client) -> ItemControlled:
        found = await instruction_id(client, matter)
        return await client.queries.control(found, item, action=wanted, region=region)

    done = program.online(work)
    program.screen.data(done)
    if done.act is None or done.act.response is None:
        return
    response, name = done.act.response, word(ControlAction, done.act.action)
    if not response.done:
        program.screen.say(f"{name}：{done.act.connector} 未办理：{response.refusal}")
        return
    program.screen.say(f"{name}：{done.act.connector} 已办理　回执编号 {response.receipt_number or '无'}")
    _tell_seizures(program, response.seizures)


@app.command("hits", help="持续显示布控命中，按 Ctrl-C 停止；查看会被记录")
def hits(
    ctx: typer.Context,
    matter: Annotated[list[str], typer.Argument(metavar="[事项]", help="只看某一事项")] = [],  # noqa: B006  likewise
    after: Annotated[int, typer.Option("--after", help="从哪个位置之后开始：0 为最早，-1 为从现在起")] = -1,
    count: Annotated[int, typer.Option("--count", min=0, help="显示几条后停止；0 为不停止")] = 0,
) -> None:
    """Show persons seen until interrupted."""
    program = run_of(ctx)

    async def work(client: Client) -> None:
        found, shown = await instruction_id(client, matter) if matter else "", 0
        async with aclosing(client.queries.hits(after, found)) as telling:
            async for told in telling:
                _tell_hit(program, told)
                shown += 1
                if shown == count:
                    return

    program.online(work)


@app.command("categories", help="可查询的类别及接入情况")
def categories(ctx: typer.Context, region: Region = "") -> None:
    """List the categories."""
    program = run_of(ctx)
    found = program.online(lambda client: client.queries.categories(region))
    program.screen.data(found)
    program.screen.table("查询类别", ("代码", "名称", "已确认", "接入", "状态"), map(_category_row, found))


def _category_row(category: RegistryCategory) -> Sequence[object]:
    state = "暂停" if category.resting else ""
    connector = category.connector or AnswerState.NOT_CONNECTED.zh
    return category.code, category.name, category.confirmed, connector, state


def _counts(query: RegistryQuery) -> str:
    states = [answer.state for answer in query.answers]
    return "，".join(
        f"{state.zh} {states.count(state.value)}" for state in AnswerState if state.value in states
    )


def _tell(program: Run, told: QueryTold) -> None:
    program.screen.line(told)
    if told.query is not None:
        program.screen.say(f"{told.query.subject_name}　{told.query.case_number}　查询 {told.query.query_id}")
        for answer in told.query.answers:
            if answer.state != AnswerState.ASKED:
                _tell_answer(program, answer)
    if told.answer is not None:
        _tell_answer(program, told.answer)


def _tell_answer(program: Run, answer: RegistryAnswer) -> None:
    again = f"　{cell(answer.next_at)} 再查" if answer.next_at else ""
    problem = f"　{answer.problem}" if answer.problem else ""
    program.screen.say(f"【{answer.name}】{word(AnswerState, answer.state)}{problem}{again}")
    for record in answer.records:
        program.screen.say(f"    {_record(record)}")
        _tell_seizures(program, record.seizures)


def _record(record: RegistryRecord) -> str:
    if record.property is not None:
        value = record.property.value_fen
        return record.property.description + (f"　约 {value / _FEN:,.2f} 元" if value else "")
    return "；".join(f"{fact.label}：{fact.value}" for fact in record.facts)


def _tell_seizures(program: Run, seizures: Sequence[Seizure]) -> None:
    for each in seizures:
        name = word(SeizureKind, each.kind)
        program.screen.say(
            f"      {each.rank} {name}　{each.court}　{each.case_number}　至 {each.expires_on}"
        )


def _tell_hit(program: Run, told: HitTold) -> None:
    program.screen.line(told)
    hit = told.hit
    if hit is not None:
        name = hit.holder.name if hit.holder else ""
        where = f"{told.matter_number} 办理项 {told.item_number}"
        program.screen.say(f"{cell(hit.seen_at)} {where}　{name} {hit.place} {hit.text}")
