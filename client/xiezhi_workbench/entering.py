"""Reading a form of an action: what was typed, field by field, as the SDK takes it; what is wrong, at its field."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, cast

from starlette.datastructures import FormData, UploadFile

from xiezhi_client.sdk import (
    AskedPaper,
    Client,
    Document,
    Hearing,
    Item,
    ItemOutcome,
    ItemRejection,
    NotSignedIn,
    Officer,
    XiezhiError,
)
from xiezhi_client.sdk.vocabulary import Outcome as OutcomeName
from xiezhi_client.sdk.vocabulary import PaperType as PaperName
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.terms import Outcome, PaperType
from xiezhi_workbench.form_fields import ActionForm, Field, Shape
from xiezhi_workbench.row_fields import read_cell, read_rows

PAPER_ROWS: Final = 4
"""How many papers can go with one form; the next go with 补充材料."""
_CHOOSE_AGAIN: Final = "documents.again"
"""Carries the names of files that were chosen and could not be uploaded: a browser does not choose them again."""
_MOMENT: Final = "%Y-%m-%dT%H:%M"
_INDEXED: Final = re.compile(r"^([a-z_.]+)\[(\d+)\]\.?")
_DOCUMENT: Final = re.compile(r"^documents\[\d+\]$")
_HASH: Final = re.compile(r"^[0-9a-f]{64}$")


@dataclass(slots=True)
class Entered:
    """What was typed: `values` as the SDK takes them, `wrong` by the name of the field, `kept` papers uploaded."""

    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    kept: list[Document] = field(default_factory=list)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    """By the name of a list: the numbers of the items in it, in the order in which they are sent."""
    inside: dict[str, str] = field(default_factory=dict)
    """By the name of a list that lies inside a field: the field."""

    def shown_at(self, path: str) -> str:
        """Give the field of the form that the server's *path* means."""
        if _DOCUMENT.match(path):
            return "documents"
        if (match := _INDEXED.match(path)) and int(match[2]) < len(self.numbers.get(match[1], ())):
            rest = path[match.end() :]
            return f"{self.inside.get(match[1], match[1])}.{self.numbers[match[1]][int(match[2])]}.{rest}"
        return self.inside.get(path, path)


def read(form: ActionForm, sent: FormData, items: Sequence[Item]) -> Entered:
    """Read everything but papers; what lacks or has no such shape is noted."""
    entered = Entered()
    for each in form.fields:
        if each.shape is Shape.DOCUMENTS:
            entered.kept = kept_papers(sent)
            continue
        value = _read(each, sent, items, entered)
        if value is not None:
            entered.values[each.name] = value
        elif each.required and each.name not in entered.wrong:
            entered.wrong[each.name] = f"请填写{each.label}"
    return entered


async def upload(client: Client, instruction_id: str, sent: FormData, entered: Entered) -> None:
    """Upload the papers of the form for the matter and add them to those uploaded before; note what is refused.

    After the first that is refused no other is tried. Raise `NotSignedIn`.
    """
    if again := [name for name in sent.getlist(_CHOOSE_AGAIN) if isinstance(name, str)]:
        entered.wrong["documents"] = f"请重新选择文件：{'、'.join(again)}"
    for row in range(PAPER_ROWS):
        file = sent.get(f"documents.{row}.file")
        if not isinstance(file, UploadFile) or not file.filename:
            continue
        kind = _typed(sent, f"documents.{row}.paper_type")
        if kind not in set(PaperType):
            entered.wrong["documents"] = f"请选择“{file.filename}”的文书类型"
            continue
        try:
            paper = cast(PaperName, kind)
            document = await client.documents.upload(
                instruction_id, await file.read(), paper, name=file.filename
            )
        except NotSignedIn:
            raise
        except XiezhiError as error:
            entered.wrong["documents"] = f"{file.filename}：{error.message}（请重新选择尚未上传的文件）"
            break
        entered.kept.append(document)
    entered.values["documents"] = entered.kept


def _typed(sent: FormData, name: str) -> str:
    value = sent.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _read(each: Field, sent: FormData, items: Sequence[Item], entered: Entered) -> Any:
    """Give the value of one field; None if it is empty."""
    if each.shape in _PARTED:
        return _PARTED[each.shape](each, sent, entered)
    if each.shape in _ITEMISED:
        return _ITEMISED[each.shape](each, sent, items, entered)
    match each.shape:
        case Shape.AMOUNT | Shape.CASE_NUMBER:
            return _line(each, _typed(sent, each.name), entered)
        case Shape.FLAG:
            return {"yes": True, "no": False}.get(_typed(sent, each.name))
        case Shape.MOMENT:
            return _parsed(each, _typed(sent, each.name), entered)
        case Shape.DAY:
            text = _typed(sent, each.name)
            return text if _parsed(each, text, entered) else None
        case _:
            return _typed(sent, each.name) or None


def _parsed(each: Field, text: str, entered: Entered) -> date | datetime | None:
    if not text:
        return None
    try:
        if each.shape is Shape.DAY:
            return date.fromisoformat(text)
        return datetime.strptime(text, _MOMENT).replace(tzinfo=SHANGHAI)
    except ValueError:
        example = "2026-11-22" if each.shape is Shape.DAY else "2026-11-22T09:30"
        entered.wrong[each.name] = f"格式应为 {example}"
        return None


def _line(each: Field, text: str, entered: Entered) -> Any:
    """Give what a line of its own shape says; None if it is empty, which no amount is, and 0 is one."""
    try:
        return read_cell(each.shape, text) if text else None
    except UnreadableError as error:
        entered.wrong[each.name] = error.message
        return None


def _rows(each: Field, sent: FormData, entered: Entered) -> Any:
    """Give the rows as the SDK takes them; None where the form has none."""
    if each.rows is None or not (found := read_rows(each.name, each.rows, sent)).rows:
        return None
    inside = f"{each.name}.{each.rows.inside}" if each.rows.inside else each.name
    entered.numbers[inside], entered.inside[inside] = found.numbers, each.name
    entered.wrong |= found.wrong
    return each.rows.make(found.rows)


def _contact(each: Field, sent: FormData, entered: Entered) -> Officer | None:
    name, phone = (_typed(sent, f"{each.name}.{part}") for part in ("name", "phone"))
    if each.required and not name:
        entered.wrong[f"{each.name}.name"] = "请填写姓名"
    return Officer(name=name, phone=phone)


def _hearing(each: Field, sent: FormData, entered: Entered) -> Hearing:
    held_on, place, summary = (
        _typed(sent, f"{each.name}.{part}") for part in ("held_on", "place", "summary")
    )
    if not held_on:
        entered.wrong[f"{each.name}.held_on"] = "请填写日期"
    if not summary:
        entered.wrong[f"{each.name}.summary"] = "请填写各方意见"
    return Hearing(held_on=held_on, place=place, summary=summary)


def _outcomes(each: Field, sent: FormData, items: Sequence[Item], entered: Entered) -> list[ItemOutcome]:
    """Give the outcomes that were chosen; an item without one is left to another report."""
    outcomes = []
    for item in items:
        at = f"{each.name}.{item.number}"
        outcome = _typed(sent, f"{at}.outcome")
        reason, note = _typed(sent, f"{at}.reason"), _typed(sent, f"{at}.note")
        if not outcome and (reason or note):
            entered.wrong[f"{at}.outcome"] = "请选择结果"
        if outcome and outcome not in set(Outcome):
            entered.wrong[f"{at}.outcome"] = "请选择结果"
        elif outcome:
            result = cast(OutcomeName, outcome)
            outcomes.append(ItemOutcome(number=item.number, outcome=result, reason=reason, note=note))
    entered.numbers[each.name] = [outcome.number for outcome in outcomes]
    return outcomes


def _rejections(
    each: Field, sent: FormData, items: Sequence[Item], entered: Entered
) -> list[ItemRejection] | None:
    """Give the items that are to be done again; a note alone does not say why."""
    rejections = []
    for item in items:
        at = f"{each.name}.{item.number}"
        reason, note = _typed(sent, f"{at}.reason"), _typed(sent, f"{at}.note")
        if reason:
            rejections.append(ItemRejection(number=item.number, reason=reason, note=note))
        elif note:
            entered.wrong[f"{at}.reason"] = "请选择重办的原因"
    entered.numbers[each.name] = [rejection.number for rejection in rejections]
    return rejections or None


def _asked(each: Field, sent: FormData, entered: Entered) -> list[AskedPaper]:
    """Give the papers that were asked for; a note alone does not say which."""
    asked = []
    for row in range(PAPER_ROWS):
        at = f"{each.name}.{row}"
        kind, note = _typed(sent, f"{at}.paper_type"), _typed(sent, f"{at}.note")
        if kind in set(PaperType):
            asked.append(AskedPaper(paper_type=cast(PaperName, kind), note=note))
        elif kind or note:
            entered.wrong[f"{at}.paper_type"] = "请选择文书类型"
    return asked


_PARTED: Final[Mapping[Shape, Callable[[Field, FormData, Entered], Any]]] = {
    Shape.CONTACT: _contact,
    Shape.HEARING: _hearing,
    Shape.ASKED_PAPERS: _asked,
    Shape.ROWS: _rows,
}
"""How fields of several parts are read."""
_ITEMISED: Final[Mapping[Shape, Callable[[Field, FormData, Sequence[Item], Entered], Any]]] = {
    Shape.OUTCOMES: _outcomes,
    Shape.REJECTIONS: _rejections,
}
"""How fields are read that say something of each item."""


def kept_papers(sent: FormData) -> list[Document]:
    """Give the papers that an earlier try of this form has uploaded; the server knows them by their hash."""
    kept = []
    for value in sent.getlist("documents.kept"):
        sha256, _, name = value.partition(" ") if isinstance(value, str) else ("", "", "")
        if _HASH.match(sha256):
            kept.append(Document(sha256=sha256, name=name))
    return kept


def typed_back(sent: Mapping[str, Any]) -> dict[str, str]:
    """Give every text of a form by its name, to be shown again."""
    return {name: value for name, value in sent.items() if isinstance(value, str)}


def carried(sent: FormData) -> list[tuple[str, str]]:
    """Give what a form sent as hidden fields that send it again; of a file the name, so that it is asked for."""
    fields = []
    for name, value in sent.multi_items():
        if isinstance(value, str):
            fields.append((name, value))
        elif value.filename:
            fields.append((_CHOOSE_AGAIN, value.filename))
    return [(name, value) for name, value in fields if name != "csrf"]
