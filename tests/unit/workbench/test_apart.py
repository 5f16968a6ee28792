"""Files of strangers in a process apart: what is too much for it ends that process and nothing else."""

import asyncio
import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter

from xiezhi_client.sdk import InvalidInput
from xiezhi_workbench import apart, previews
from xiezhi_workbench.apart import TooHeavyError, do
from xiezhi_workbench.previewing import Previews
from xiezhi_workbench.previews import TOO_LARGE
from xiezhi_workbench.scans import UnusableError

PDF, PNG = "application/pdf", "image/png"


def pdf(pages: int) -> bytes:
    writer, target = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    writer.write(target)
    return target.getvalue()


def png(width: int, height: int) -> bytes:
    """A picture that says it has so many pixels, and has none."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_what_would_hold_a_browser_is_told() -> None:
    previews.check(pdf(3), PDF)
    previews.check(png(4_000, 3_000), PNG)
    for content, media_type, word in (
        (png(40_000, 40_000), PNG, "百万像素"),
        (b"%PDF-1.7 cut off", PDF, "已损坏"),
        (pdf(1), PNG, "已损坏"),
    ):
        with pytest.raises(UnusableError, match=word):
            previews.check(content, media_type)


def test_a_book_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "MOST_PAGES", 2)
    with pytest.raises(UnusableError, match="页"):
        previews.check(pdf(3), PDF)


async def test_files_and_words_go_there_and_back() -> None:
    target = io.BytesIO()
    Image.new("RGB", (900, 700), "white").save(target, "PNG")
    [picture] = await do("thumbnails", [target.getvalue()])
    assert max(Image.open(io.BytesIO(picture)).size) <= 300
    [first, second] = await do("bind", [pdf(2), target.getvalue()], [[[0, 1, 90]], [[1, 0, 0], [0, 0, 0]]])
    assert first[:5] == second[:5] == b"%PDF-"
    with pytest.raises(InvalidInput, match="已损坏"):
        await do("thumbnails", [b"nothing"])


async def test_a_job_that_does_not_end_is_ended_and_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "endless.py").write_text("import sys\nsys.stdin.buffer.read()\nwhile True: pass\n")
    (tmp_path / "greedy.py").write_text("import os\nos.abort()\n")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    monkeypatch.setenv("PYTHONPATH", path)
    for worker in ("endless", "greedy"):
        with monkeypatch.context() as patch:
            patch.setattr(apart, "_WORKER", worker)
            patch.setattr(apart, "_GRACE_S", 0)
            with pytest.raises(TooHeavyError):
                await do("thumbnails", [b""], seconds=1)
    assert await asyncio.gather(*(do("look", [pdf(1)], PDF) for _ in range(3))) == [[], [], []]


async def test_each_paper_is_looked_into_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known, path = Previews(), tmp_path / "paper"
    path.write_bytes(png(40_000, 40_000))
    assert await known.why_not("01", PNG, path, 51 * 1024 * 1024) == TOO_LARGE
    assert "百万像素" in await known.why_not("01", PNG, path, 100)
    monkeypatch.setattr(apart, "_WORKER", "none")
    assert "百万像素" in await known.why_not("01", PNG, path, 100)
    assert "过于复杂" in await known.why_not("02", PNG, path, 100)
