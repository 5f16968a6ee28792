"""How letters, entries and forms are typed in commands."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, cast

import typer

from xiezhi_client.sdk.content import safe_name
from xiezhi_client.sdk.vocabulary import LetterFormat, PaperType
from xiezhi_client.typed.words import identifier
from xiezhi_domain.terms import PaperType as PaperTerm

FORMATS: Final[dict[str, LetterFormat]] = {"pdf": "PDF", "word": "DOCX", "docx": "DOCX"}

Paper = Annotated[str, typer.Argument(metavar="文书", help="文书名称，例如 委托函、退回函")]
Entries = Annotated[
    list[str], typer.Option("--set", metavar="字段=内容", help="填写字段，可重复；字段见 xiezhi letter list")
]
Formats = Annotated[list[str], typer.Option("--as", metavar="格式", help="pdf 或 word，可重复；默认 pdf")]
Folder = Annotated[Path, typer.Option("--to", exists=True, file_okay=False, help="存放的文件夹")]


def paper_of(text: str) -> PaperType:
    """Read the name of a paper. Raise `typer.BadParameter`."""
    return cast(PaperType, identifier(PaperTerm, text))


def entries_of(texts: Sequence[str]) -> dict[str, str]:
    r"""Read ``字段=内容``; ``\n`` begins a new row of a list. Raise `typer.BadParameter`."""
    entries = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator:
            raise typer.BadParameter(f"“{text}”应写成 字段=内容")
        entries[name.strip()] = value.replace("\\n", "\n")
    return entries


def formats_of(texts: Sequence[str]) -> tuple[LetterFormat, ...]:
    """Read the forms wanted. Raise `typer.BadParameter`."""
    for text in texts:
        if text.lower() not in FORMATS:
            raise typer.BadParameter(f"“{text}”应为 pdf 或 word")
    return tuple(dict.fromkeys(FORMATS[text.lower()] for text in texts))


def save(folder: Path, name: str, content: bytes) -> str:
    """Write a file into a folder under a name that is one on every system; give its path."""
    path = folder / safe_name(name)
    path.write_bytes(content)
    return str(path)
