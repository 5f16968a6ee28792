"""Bulletins as files, made in the helper processes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi_domain.errors import InvalidInput
from xiezhi_papers.bulletins.paper import BulletinPaper
from xiezhi_papers.jobs import MAKE_BULLETIN_PDF, MAKE_BULLETIN_WORD, MAKE_BULLETIN_XLSX
from xiezhi_papers.workshop import Job, Workshop

PIECE_BYTES: Final = 256 * 1024
RENDER_S: Final = 120.0
_FORMATS: Final[dict[int, tuple[str, Job[BulletinPaper, bytes]]]] = {
    pb.BULLETIN_FORMAT_WORD: ("docx", MAKE_BULLETIN_WORD),
    pb.BULLETIN_FORMAT_PDF: ("pdf", MAKE_BULLETIN_PDF),
    pb.BULLETIN_FORMAT_XLSX: ("xlsx", MAKE_BULLETIN_XLSX),
}


@dataclass(frozen=True, slots=True)
class BulletinPress:
    """What bulletins are made with: the court's fonts (empty: none) and the helper processes."""

    font_directory: str
    workshop: Workshop

    def require_format(self, wanted: int) -> None:
        """Let pass a format that is stated.

        :raises InvalidInput: naming ``format``.
        """
        if wanted not in _FORMATS:
            raise InvalidInput.in_field("format", "必填，请选择 Word、PDF 或 XLSX")

    async def print(self, paper: BulletinPaper, wanted: int) -> tuple[str, bytes]:
        """Return name and content of the file; the format was let pass before."""
        ending, job = _FORMATS[wanted]
        return f"{paper.title}.{ending}", await self.workshop.run(job, paper, RENDER_S)


def pieces_of(name: str, content: bytes) -> Iterator[pb.ExportBulletinResponse]:
    """Give a file as it is sent: its name, then its bytes in pieces."""
    yield pb.ExportBulletinResponse(file_name=name)
    for start in range(0, len(content), PIECE_BYTES):
        yield pb.ExportBulletinResponse(data=content[start : start + PIECE_BYTES])
