"""事项委托 and 协助执行: orders from flags or a file, what an act needs, follow-ups, sums."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from xiezhi_client.cli.arguments import Papers, Picks, parse_pick
from xiezhi_client.cli.drafts import Attached, draft_with_papers, read_order_file
from xiezhi_client.cli.remedies.options import Urgent
from xiezhi_client.cli.run import Run, instruction_id, run_of
from xiezhi_client.sdk import ActField, ActForm, CaseSums, Client, DelegationDraft, DelegationOrder, Item
from xiezhi_client.sdk.vocabulary import FollowUp as FollowUpName
from xiezhi_client.typed.item_values import put_value, read_value
from xiezhi_client.typed.money import yuan
from xiezhi_client.typed.papers import Paper
from xiezhi_client.typed.reasons import urgency
from xiezhi_client.typed.words import find, identifier, kind_word, word
from xiezhi_domain.item_fields import ORDER_FIELDS, ItemField
from xiezhi_domain.terms import Act, FollowUp, Kind, PropertyCategory, State

app = typer.Typer(no_args_is_help=True)

KindName = Annotated[str, typer.Option("--kind", help="事项类型，如 事项委托·存款理财、协助执行(法院间)")]


@app.command("draft", help="起草委托事项（参数写一个办理项，多个用 --file），文书一并上传；--submit 同时送审")
def draft(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", exists=True, dir_okay=False, help="事项文件（JSON 或 TOML），文书写在 attach 列表"
        ),
    ] = None,
    kind: KindName = "",
    case: Annotated[str, typer.Option("--case", help="案号")] = "",
    to: Annotated[str, typer.Option("--to", help="受托法院代字，如 苏0508")] = "",
    subject: Annotated[list[int], typer.Option("--subject", help="案件中的对象序号；可重复")] = [],  # noqa: B006  typer reads it as "none given"
    act: Annotated[str, typer.Option("--act", help="办理行为，如 冻结")] = "",
    field: Annotated[
        list[str],
        typer.Option("--field", metavar="字段=内容", help="办理项的字段，如 账号=6200…、金额=5000；可重复"),
    ] = [],  # noqa: B006  likewise
    request: Annotated[str, typer.Option("--request", help="请求内容")] = "",
    days: Annotated[int, typer.Option("--days", min=0, help="期限天数；不填按规则库")] = 0,
    urgent: Urgent = "",
    phone_first: Annotated[
        bool, typer.Option("--phone-first", help="电话先行：文书随后用 xiezhi attach 补齐")
    ] = False,
    bundle: Annotated[str, typer.Option("--bundle", help="事项组标识：同案同一需要的事项写同一个")] = "",
    excess: Annotated[str, typer.Option("--excess-reason", help="委托金额超过申请标的及费用的理由")] = "",
    attach: Papers = [],  # noqa: B006  likewise
    dossier: Picks = [],  # noqa: B006  likewise
    redraft: Annotated[str, typer.Option("--redraft", metavar="事项", help="重新起草已有的草稿")] = "",
    submit: Annotated[bool, typer.Option("--submit", help="起草后立即送审")] = False,
) -> None:
    """Draft an order, upload its papers, and hand it in if asked."""
    values, listed = read_order_file(file) if file else ({}, [])
    given: dict[str, Any] = {
        "kind": find(Kind, kind) or kind,
        "case_number": case,
        "receiver": to,
        "subject_numbers": tuple(subject),
        "items": (_item(act, subject, field),) if act else (),
        "request_text": request,
        "limit_days": days,
        **urgency(urgent),
        "phone_first": phone_first,
        "bundle_id": bundle,
        "excess_reason": excess,
    }
    order = replace(
        DelegationOrder.from_plain(values), **{name: value for name, value in given.items() if value}
    )
    papers = [Paper.parse(each) for each in attach] + listed
    run, attached = run_of(ctx), Attached(papers, [parse_pick(each) for each in dossier])
    drafted = draft_with_papers(run, order, attached, redraft, submit=submit)
    if isinstance(drafted, DelegationDraft) and drafted.sums is not None and drafted.sums.instructions:
        _show_sums(run, drafted.sums)


@app.command("fields", help="某类事项的每种行为要填哪些字段、反馈哪些字段")
def fields(ctx: typer.Context, kind: Annotated[str, typer.Argument(metavar="事项类型")]) -> None:
    """Show how the acts of a kind are filled in."""
    run = run_of(ctx)
    forms = run.online(lambda client: client.delegation.forms(find(Kind, kind) or kind))
    run.screen.data(list(forms))
    run.screen.table(
        kind_word(find(Kind, kind) or kind),
        ("行为", "财产类别", "委托时必填", "反馈时必填", "最长期限"),
        [_form_row(form) for form in forms],
    )


@app.command(
    "follow-up", help="按办理结果生成续行控制或者解除控制的事项文件，补充裁定等内容后用 draft --file 起草"
)
def follow_up(
    ctx: typer.Context,
    matter: Annotated[list[str], typer.Argument(metavar="事项")],
    to: Annotated[Path, typer.Option("--to", dir_okay=False, help="存为（JSON）")],
    wanted: Annotated[str, typer.Option("--as", help=f"{FollowUp.RENEWAL.zh}或{FollowUp.RELEASE.zh}")],
) -> None:
    """Write an order that renews or releases what a matter has achieved."""
    name = cast(FollowUpName, identifier(FollowUp, wanted))

    async def work(client: Client) -> DelegationOrder:
        return await client.delegation.prepare_follow_up(await instruction_id(client, matter), name)

    run = run_of(ctx)
    order = run.online(work)
    to.write_text(json.dumps(order.to_plain(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    run.screen.data(order)
    run.screen.say(f"已生成：{to}（{len(order.items)} 个办理项）")


@app.command("sums", help="一个案件已委托和已控制的金额")
def sums(
    ctx: typer.Context,
    case: Annotated[str, typer.Argument(metavar="案号")],
    bundle: Annotated[str, typer.Option("--bundle", help="只看一个事项组")] = "",
) -> None:
    """Show what was ordered and what is controlled for a case."""
    run = run_of(ctx)
    found = run.online(lambda client: client.delegation.sums(case, bundle))
    run.screen.data(found)
    _show_sums(run, found)


def _item(act: str, subjects: Sequence[int], texts: Sequence[str]) -> Item:
    """Give the one item that flags can say. Raise `typer.BadParameter` for an unknown act or field."""
    plain: dict[str, Any] = {"number": 1, "act": identifier(Act, act)}
    if subjects:
        plain["subject_number"] = subjects[0]
    for text in texts:
        label, separator, value = text.partition("=")
        known = _field(label.strip())
        if not separator or known is None:
            words = "、".join(each.zh for each in ORDER_FIELDS.values())
            raise typer.BadParameter(f"“{text}”应写成 字段=内容，字段为：{words}")
        put_value(plain, known, read_value(known, value.strip()))
    return Item.from_plain(plain)


def _field(label: str) -> ItemField | None:
    return ORDER_FIELDS.get(label) or next((each for each in ORDER_FIELDS.values() if each.zh == label), None)


def _form_row(form: ActForm) -> tuple[str, ...]:
    years = f"{form.longest_years} 年" if form.longest_years else ""
    return (
        word(Act, form.act),
        word(PropertyCategory, form.category),
        _needed(form.item_fields),
        _needed(form.outcome_fields),
        years,
    )


def _needed(fields: Sequence[ActField]) -> str:
    labels = {field.path: field.label for field in fields}
    alone = [field.label for field in fields if field.required]
    either = dict.fromkeys("或".join(labels[path] for path in field.alternatives) for field in fields)
    return "、".join([*alone, *filter(None, either)])


def _show_sums(run: Run, found: CaseSums) -> None:
    run.screen.pairs(
        f"{found.case_number} 委托和控制金额（元）",
        {
            "已委托": yuan(found.ordered_fen),
            "已控制": yuan(found.controlled_fen),
            "申请标的及费用": yuan(found.limit_fen) if found.limit_fen else "案件未填写",
        },
    )
    rows = [
        (
            each.matter_number,
            word(State, each.state),
            yuan(each.ordered_fen),
            yuan(each.controlled_fen),
            each.advice,
        )
        for each in found.instructions
    ]
    run.screen.table("", ("事项", "状态", "委托", "控制", "建议"), rows)
