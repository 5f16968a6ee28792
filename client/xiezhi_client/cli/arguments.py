"""How matters and outcomes are written on the command line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import typer

from xiezhi_client.sdk import DossierPick, InvalidInput, ItemOutcome
from xiezhi_client.sdk.vocabulary import Outcome as OutcomeName
from xiezhi_client.sdk.vocabulary import PaperType as PaperName
from xiezhi_client.typed.words import identifier
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.plain_values import read_json, read_toml
from xiezhi_domain.terms import Outcome, PaperType

Matter = Annotated[
    list[str], typer.Argument(metavar="事项", help="事项编号（电话里说的 0591 1187 或全称）或事项标识")
]
Text = Annotated[str, typer.Option("--text", help="文字说明")]
Papers = Annotated[
    list[str], typer.Option("--attach", metavar="类型=文件", help="附上文书，例如 委托函=委托函.pdf；可重复")
]
Picks = Annotated[
    list[str],
    typer.Option(
        "--dossier", metavar="[类型=]卷宗文书", help="引入电子卷宗中的文书，见 xiezhi case dossier；可重复"
    ),
]
Outcomes = Annotated[
    list[str],
    typer.Option("--item", metavar="序号=结果[:原因代码[:说明]]", help="办理项结果，例如 1=已办成；可重复"),
]
OutcomeFile = Annotated[
    Path | None,
    typer.Option(
        "--outcomes", exists=True, dir_okay=False, help="办理项结果文件（JSON 或 TOML），可写明查找结果"
    ),
]


T = TypeVar("T")


def parse_pick(text: str) -> DossierPick:
    """Read ``[类型=]卷宗文书``; without a type it keeps the dossier's. Raise `typer.BadParameter`."""
    paper_type, separator, document_id = text.rpartition("=")
    if not separator:
        return DossierPick(document_id=text)
    return DossierPick(document_id=document_id, paper_type=cast(PaperName, identifier(PaperType, paper_type)))


def parse_outcomes(texts: Sequence[str], file: Path | None) -> tuple[ItemOutcome, ...]:
    """Read outcomes from options and a file. Raise `typer.BadParameter`, `InvalidInput`."""
    written = read_rows(ItemOutcome.from_plain, read_file(file), "outcomes") if file else []
    return (*written, *map(_parse_outcome, texts))


def split_item(text: str) -> tuple[int, list[str]]:
    """Read ``序号=甲:乙:丙``: the number and the parts, at most three. Raise `typer.BadParameter`."""
    number, separator, rest = text.partition("=")
    if not separator or not number.strip().isdecimal():
        raise typer.BadParameter(f"“{text}”应以办理项序号和等号开头，例如 1=…")
    return int(number), [part.strip() for part in rest.replace("：", ":").split(":", 2)]


def parse_time(text: str) -> datetime:
    """Read a court time such as ``2026-01-05 09:30``. Raise `typer.BadParameter`."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise typer.BadParameter(f"“{text}”应写成 2026-01-05 09:30") from None


def read_file(path: Path) -> dict[str, Any]:
    """Read a JSON or TOML file of fields. Raise `InvalidInput`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = read_toml(text) if path.suffix.lower() == ".toml" else read_json(text)
    except ValueError as error:
        raise InvalidInput.in_field(path.name, f"文件格式不正确：{error}") from error
    if not isinstance(values, dict):
        raise InvalidInput.in_field(path.name, "文件应为一组字段")
    return values


def read_rows(read: Callable[[Mapping[str, Any], str], T], values: Mapping[str, Any], name: str) -> list[T]:
    """Read the list of records that a file has under a name; none where it has not. Raise `InvalidInput`."""
    rows = values.get(name, [])
    if not isinstance(rows, list):
        raise InvalidInput.in_field(name, "应为列表")
    return [read(row, f"{name}[{at}]") for at, row in enumerate(rows)]


def _parse_outcome(text: str) -> ItemOutcome:
    number, (outcome, *rest) = split_item(text)
    reason, note = (*rest, "", "")[:2]
    return ItemOutcome(
        number=number, outcome=cast(OutcomeName, identifier(Outcome, outcome)), reason=reason, note=note
    )
