"""查人找物: one order from flags or a file."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from xiezhi_client.cli.arguments import Papers, Picks, parse_pick
from xiezhi_client.cli.drafts import Attached, draft_with_papers, read_order_file
from xiezhi_client.cli.remedies.options import Urgent
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import FindOrder
from xiezhi_client.typed.items import items
from xiezhi_client.typed.papers import Paper
from xiezhi_client.typed.reasons import urgency

app = typer.Typer()


@app.command(help="起草查人找物事项（可用参数或 --file 文件），文书一并上传；--submit 同时送审")
def find(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", exists=True, dir_okay=False, help="事项文件（JSON 或 TOML），文书写在 attach 列表"
        ),
    ] = None,
    case: Annotated[str, typer.Option("--case", help="案号")] = "",
    to: Annotated[str, typer.Option("--to", help="受托法院代字，如 苏0508")] = "",
    subject: Annotated[list[int], typer.Option("--subject", help="案件中的对象序号；可重复")] = [],  # noqa: B006  typer reads it as "none given"
    act: Annotated[list[str], typer.Option("--act", help="办理行为，如 查找人员；可重复")] = [],  # noqa: B006  likewise
    scope: Annotated[str, typer.Option("--scope", help="办理要求")] = "",
    clue: Annotated[str, typer.Option("--clue", help="线索")] = "",
    request: Annotated[str, typer.Option("--request", help="请求内容")] = "",
    days: Annotated[int, typer.Option("--days", min=0, help="期限天数；不填按规则库")] = 0,
    urgent: Urgent = "",
    phone_first: Annotated[
        bool, typer.Option("--phone-first", help="电话先行：文书随后用 xiezhi attach 补齐")
    ] = False,
    why_not_query: Annotated[str, typer.Option("--why-not-query", help="为何网络查控不能解决")] = "",
    attach: Papers = [],  # noqa: B006  likewise
    dossier: Picks = [],  # noqa: B006  likewise
    redraft: Annotated[str, typer.Option("--redraft", metavar="事项", help="重新起草已有的草稿")] = "",
    submit: Annotated[bool, typer.Option("--submit", help="起草后立即送审")] = False,
) -> None:
    """Draft an order, upload its papers, and hand it in if asked."""
    papers = [Paper.parse(each) for each in attach]
    values, listed = read_order_file(file) if file else ({}, [])
    order = FindOrder.from_plain(values)
    given: dict[str, Any] = {
        "case_number": case,
        "receiver": to,
        "subject_numbers": tuple(subject),
        "items": items(act, subject, scope, clue),
        "request_text": request,
        "limit_days": days,
        **urgency(urgent),
        "phone_first": phone_first,
        "why_not_query": why_not_query,
    }
    order = replace(order, **{name: value for name, value in given.items() if value})
    attached = Attached(papers + listed, [parse_pick(each) for each in dossier])
    draft_with_papers(run_of(ctx), order, attached, redraft, submit=submit)
