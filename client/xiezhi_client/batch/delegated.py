"""A row of the spreadsheet for 事项委托 and 协助执行 as an order; the columns come from the node's rulebook."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from xiezhi_client.batch.orders import NO_NUMBERS, NO_PAPERS, RowOrder
from xiezhi_client.batch.reader import RowReader, numbers, papers
from xiezhi_client.sdk import ActForm, DelegationOrder, Item
from xiezhi_client.sheets.columns import Column
from xiezhi_client.sheets.reading import Problem, Row
from xiezhi_client.typed.item_values import put_value, read_value
from xiezhi_client.typed.papers import FindFile
from xiezhi_client.typed.reasons import urgency
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_client.typed.words import identifier
from xiezhi_domain.casenumber import EXAMPLE, CaseNumber
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.item_fields import ORDER_FIELDS, Entry, ItemField
from xiezhi_domain.terms import Act, PaperType, PropertyCategory

_BEFORE: Final = (
    Column("case_number", "案号", "case_number", required=True, hint=EXAMPLE),
    Column("receiver", "受托法院", "receiver", required=True, hint="法院代字，如 苏0508"),
    Column(
        "subjects", "对象序号", "subject_numbers", required=True, hint="案件中的对象序号，办理项针对第一个"
    ),
)
_AFTER: Final = (
    Column("request", "请求内容", "request_text", required=True, hint="写给对方法院的话"),
    Column("days", "期限天数", "limit_days", hint="不填按规则库"),
    Column(
        "urgent",
        "紧急理由",
        "urgency_reason",
        hint="需 24 小时办理的填写，如 发现被执行人下落",
    ),
    Column("why_not_query", "网络查控为何不足", "why_not_query"),
    Column("excess_reason", "超出标的的理由", "excess_reason"),
    Column(
        "papers",
        "文书",
        "documents",
        hint=f"类型=文件，多个用分号分开，如 {PaperType.ENTRUSTMENT_LETTER.zh}=函1.pdf；文件放在表格旁边",
    ),
)
_ITEM: Final = "item."
_SUBJECT: Final = "subject_number"
_CATEGORY: Final = "property.category"


def columns_of(forms: Sequence[ActForm]) -> tuple[Column, ...]:
    """Give the columns of a kind: one row is one matter with one item, of any of the kind's acts."""
    acts = "、".join(dict.fromkeys(Act(form.act).zh for form in forms))
    act = Column("act", "办理行为", "items.act", required=True, hint=f"可填：{acts}")
    return (*_BEFORE, act, *_item_columns(forms), *_AFTER)


def read_order(
    row: Row, find: FindFile, kind: str, columns: Sequence[Column], forms: Sequence[ActForm]
) -> RowOrder | list[Problem]:
    """Give the order of a row, its files found by *find*, or all that is wrong with it."""
    reader = RowReader(row, columns)
    reader.require()
    subjects = reader.read("subjects", numbers, NO_NUMBERS)
    urgent: dict[str, Any] = {**urgency(reader.text("urgent"))}
    order = DelegationOrder(
        kind=kind,
        case_number=reader.read("case_number", lambda text: str(CaseNumber.parse(text)), ""),
        receiver=reader.read("receiver", parse_court_code, ""),
        subject_numbers=subjects,
        items=(_item(reader, columns, forms, subjects),),
        request_text=reader.text("request"),
        limit_days=reader.read("days", int, 0),
        **urgent,
        why_not_query=reader.text("why_not_query"),
        excess_reason=reader.text("excess_reason"),
    )
    attached = reader.read("papers", lambda text: papers(text, find), NO_PAPERS)
    return reader.problems or RowOrder(row.number, order, attached)


def _item_columns(forms: Sequence[ActForm]) -> list[Column]:
    """Give a column for each field that some act has; one that every act needs is required."""
    paths = dict.fromkeys(field.path for form in forms for field in form.item_fields)
    if any(form.category for form in forms):
        paths = {_CATEGORY: None, **paths}
    known = [ORDER_FIELDS[path] for path in paths if path in ORDER_FIELDS and path != _SUBJECT]
    return [_item_column(each, forms) for each in known]


def _item_column(field: ItemField, forms: Sequence[ActForm]) -> Column:
    everywhere = all(
        any(each.path == field.path and each.required for each in form.item_fields) for form in forms
    )
    needed = dict.fromkeys(
        Act(form.act).zh
        for form in forms
        for each in form.item_fields
        if each.path == field.path and each.required
    )
    hints = {
        Entry.AMOUNT: "单位元",
        Entry.DAY: "如 2026-11-22",
        Entry.LIST: "多个用顿号分开",
    }
    hint = hints.get(field.entry, "")
    if field.path == _CATEGORY:
        hint = "、".join(dict.fromkeys(PropertyCategory(form.category).zh for form in forms if form.category))
    if needed and not everywhere:
        hint = f"{hint}{'；' if hint else ''}{'、'.join(needed)}必填"
    return Column(
        f"{_ITEM}{field.path}",
        field.zh,
        f"items.{field.path}",
        required=everywhere,
        hint=hint,
        is_day=field.entry is Entry.DAY,
    )


def _item(
    reader: RowReader, columns: Sequence[Column], forms: Sequence[ActForm], subjects: Sequence[int]
) -> Item:
    act = reader.read("act", lambda text: _act(text, forms), "")
    plain: dict[str, Any] = {"number": 1, "act": act, _SUBJECT: subjects[0] if subjects else 0}
    for column in columns:
        if column.key.startswith(_ITEM) and reader.text(column.key):
            field = ORDER_FIELDS[column.key.removeprefix(_ITEM)]
            value = reader.read(column.key, partial(read_value, field), None)
            if value is not None:
                put_value(plain, field, value)
    return Item.from_plain({name: value for name, value in plain.items() if value is not None})


def _act(text: str, forms: Sequence[ActForm]) -> str:
    act = identifier(Act, text)
    if act not in {form.act for form in forms}:
        words = "、".join(dict.fromkeys(Act(form.act).zh for form in forms))
        raise UnreadableError(f"该类事项没有这种办理行为，可填：{words}")
    return act
