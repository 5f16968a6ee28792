"""A paper that goes with an order, as people name it: 类型=文件."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from xiezhi_client.sdk import Client, Document
from xiezhi_client.sdk.vocabulary import PaperType as PaperName
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_client.typed.words import identifier
from xiezhi_domain.terms import PaperType

FindFile = Callable[[str], Path | None]
"""Gives the file of a name that somebody wrote; None where there is none."""


def beside(folder: Path) -> FindFile:
    """Look for files on this machine, relative ones in *folder*."""

    def find(name: str) -> Path | None:
        file = folder / name
        return file if file.is_file() else None

    return find


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to upload and what it is."""

    paper_type: PaperName
    file: Path

    @classmethod
    def parse(cls, text: str, find: FindFile | None = None) -> "Paper":
        """Read ``类型=文件``; without *find* a relative file is looked for in the working folder.

        Raise `UnreadableError`.
        """
        paper_type, separator, name = text.partition("=")
        if not separator:
            raise UnreadableError(f"“{text}”应写成 类型=文件，例如 委托函=委托函.pdf")
        file = (find or beside(Path()))(name.strip())
        if file is None:
            raise UnreadableError(f"找不到文件：{name.strip()}")
        return cls(cast(PaperName, identifier(PaperType, paper_type)), file)


async def upload(client: Client, instruction_id: str, papers: Iterable[Paper]) -> tuple[Document, ...]:
    """Upload papers for a matter, one after another."""
    return tuple(
        [await client.documents.upload(instruction_id, paper.file, paper.paper_type) for paper in papers]
    )
