"""Papers from a scanner or a camera: looked at page by page, put in order, turned, and bound as PDF.

Files are of whoever scans, and may be anything: pages and pixels are bounded before they are unpacked, and all of it is
done in a process apart (`apart`), which is bounded in memory and time. What a paper
must be is for the desk to say, which examines what is bound as it does every upload.
"""

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from PIL import Image, ImageOps
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import NullObject

MOST_PAGES: Final = 200
"""Of one file, and of everything that is bound at once."""
MOST_PIXELS: Final = 40_000_000
"""Of one page; an A4 sheet at 600 dpi has 35 million."""
_MOST_FIELDS: Final = 10_000
"""Of the form in a PDF, looked through for signatures."""
MOST_PIXELS_AT_ONCE: Final = 2_000_000_000
"""Of all pictures that are unpacked at once: 200 A4 sheets at 300 dpi have 1.74 thousand million."""
TURNS: Final = frozenset({0, 90, 180, 270})
_FORMATS: Final = ("JPEG", "PNG", "TIFF")
_THUMBNAIL: Final = (220, 300)
_LONGEST_SIDE: Final = 3508
"""Pixels of an A4 sheet's long side at 300 dpi; photographs are brought down to it."""
_A4_INCHES: Final = (8.27, 11.69)
_QUALITY: Final = 82
_BROKEN: Final = "文件已损坏或者不是图片、PDF，请重新扫描"
_TOO_MANY: Final = f"页数过多，一次最多 {MOST_PAGES} 页，请分批整理"
_TOO_FINE: Final = f"图像过大，每页最多 {MOST_PIXELS // 1_000_000} 百万像素，请降低扫描分辨率"
_TOO_MUCH: Final = "图像合计过大，请降低扫描分辨率或者分批整理"
_SEALED: Final = "该 PDF 带有电子签章，拆分或者旋转后签章失效，请在事项页面整份上传"
_LOCKED: Final = "该 PDF 已加密，请解除密码后再整理"

# Pillow refuses by itself what has twice as many pixels, also where pypdf asks it to unpack a picture of a page.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class UnusableError(Exception):
    """What is wrong with a file, in Chinese."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as it goes into a paper: of which file, which of its pages (from 0), turned clockwise by degrees."""

    file: int
    page: int
    turn: int = 0


def thumbnails(content: bytes) -> list[bytes]:
    """Give a small JPEG of every page; no bytes for a page of a PDF that is no picture. Raise `UnusableError`."""
    with _reading():
        if _is_pdf(content):
            return [_thumbnail_of_page(page) for page in _reader(content).pages]
        every = range(MOST_PAGES)
        _check_pixels(_pixels(content, every))
        return [_jpeg(image) for _, image in _images(content, every)]


def bind(files: Sequence[bytes], papers: Sequence[Sequence[Sheet]]) -> list[bytes]:
    """Give one PDF for each paper, its pages in order: the same bytes for the same pages. Raise `UnusableError`."""
    sheets = [sheet for paper in papers for sheet in paper]
    if not all(papers) or not 0 < len(sheets) <= MOST_PAGES:
        raise _unusable("请至少选择一页" if len(sheets) <= MOST_PAGES else _TOO_MANY)
    wanted: dict[int, set[int]] = {}
    for sheet in sheets:
        wanted.setdefault(sheet.file, set()).add(sheet.page)
    with _reading():
        _check_pixels(pixels for number in wanted for pixels in _pixels(files[number], wanted[number]))
        pages = {number: _pages(files[number], wanted[number]) for number in wanted}
        if any(sheet.page not in pages[sheet.file] or sheet.turn not in TURNS for sheet in sheets):
            raise _unusable("页码或者旋转角度无法识别，请刷新页面后再试")
        return [_bound(paper, pages) for paper in papers]


def _bound(paper: Sequence[Sheet], pages: Mapping[int, Mapping[int, PageObject]]) -> bytes:
    bound = PdfWriter()
    for sheet in paper:
        added = bound.add_page(pages[sheet.file][sheet.page])
        added.pop("/AA", None)
        added.rotate(sheet.turn)
    target = io.BytesIO()
    bound.write(target)
    return target.getvalue()


@contextmanager
def _reading() -> Iterator[None]:
    """Say in words whatever the libraries run into: files are of anybody, and may break them anywhere."""
    try:
        yield
    except (UnusableError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise _unusable(_TOO_FINE) from error
    except Exception as error:
        raise _unusable(_BROKEN) from error


def _pages(content: bytes, wanted: Collection[int]) -> dict[int, PageObject]:
    """Give those of the wanted pages that a file has; the others are not unpacked."""
    if _is_pdf(content):
        pages = _reader(content).pages
        return {number: pages[number] for number in wanted if 0 <= number < len(pages)}
    return {
        number: PdfReader(io.BytesIO(_pdf_of(image))).pages[0] for number, image in _images(content, wanted)
    }


def _is_pdf(content: bytes) -> bool:
    return content[:1024].lstrip().startswith(b"%PDF-")


def _reader(content: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise _unusable(_LOCKED)
    if _is_sealed(reader):
        raise _unusable(_SEALED)
    if len(reader.pages) > MOST_PAGES:
        raise _unusable(_TOO_MANY)
    return reader


def _is_sealed(reader: PdfReader) -> bool:
    """Say whether a PDF is signed: by its flag (ISO 32000-2, 12.7.3), or by a filled field (12.7.5.5) without it."""
    form = _entry(reader.root_object, "/AcroForm") or {}
    if int(_entry(form, "/SigFlags") or 0) & 1:
        return True
    waiting: list[tuple[Any, Any, bool]]
    waiting = [(field, None, False) for field in _entry(form, "/Fields") or ()]
    seen = 0
    while waiting:
        seen += 1
        if seen + len(waiting) > _MOST_FIELDS:
            raise _unusable(_BROKEN)
        reference, kind, filled = waiting.pop()
        field = reference.get_object()
        # What a field does not say itself, it has from its parent.
        kind, filled = _entry(field, "/FT") or kind, filled or _entry(field, "/V") is not None
        if kind == "/Sig" and filled:
            return True
        waiting += [(kid, kind, filled) for kid in _entry(field, "/Kids") or ()]
    return False


def _entry(holder: Any, name: str) -> Any:
    """Give what an entry of a PDF's dictionary refers to; None where there is none, or `null`."""
    found = holder.get(name)
    found = None if found is None else found.get_object()
    return None if isinstance(found, NullObject) else found


def _images(content: bytes, wanted: Collection[int]) -> Iterator[tuple[int, Image.Image]]:
    """Give the wanted pages of a picture by number, upright as the camera was held."""
    with _picture(content) as opened:
        for number, _ in _frames(opened):
            if number in wanted:
                yield number, ImageOps.exif_transpose(opened)


def _pixels(content: bytes, wanted: Collection[int]) -> list[int]:
    """Give how many pixels the wanted pages of a picture would be, without unpacking any; a PDF is not unpacked."""
    if _is_pdf(content):
        return []
    with _picture(content) as opened:
        return [pixels for number, pixels in _frames(opened) if number in wanted]


def _picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=_FORMATS)


def _frames(opened: Image.Image) -> Iterator[tuple[int, int]]:
    """Go to one page after the other; give number and pixels. Only TIFF has pages, others what moves or is depth."""
    for number in count():
        try:
            opened.seek(number)
        except EOFError:
            return
        if number == MOST_PAGES:
            raise _unusable(_TOO_MANY)
        yield number, opened.width * opened.height
        if opened.format != "TIFF":
            return


def _check_pixels(each: Iterable[int]) -> None:
    pages = list(each)
    if max(pages, default=0) > MOST_PIXELS:
        raise _unusable(_TOO_FINE)
    if sum(pages) > MOST_PIXELS_AT_ONCE:
        raise _unusable(_TOO_MUCH)


def _pdf_of(image: Image.Image) -> bytes:
    """Give a page of at most A4; black and white stays as sharp as it is."""
    options: dict[str, Any] = {}
    if image.mode != "1":
        image = _flat(image)
        image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
        options["quality"] = _QUALITY
    long_side, short_side = max(image.size), min(image.size)
    resolution = max(short_side / _A4_INCHES[0], long_side / _A4_INCHES[1])
    target = io.BytesIO()
    image.save(target, "PDF", resolution=resolution, **options)
    return target.getvalue()


def _thumbnail_of_page(page: PageObject) -> bytes:
    try:
        pictures = sizes(page)
        largest = max(pictures, key=lambda name: pictures[name], default="")
        if not largest or pictures[largest] > MOST_PIXELS:
            return b""
        picture = page.images[largest].image
        return b"" if picture is None else _jpeg(picture.rotate(-page.rotation, expand=True))
    except Exception:  # noqa: BLE001  as above; a page without its picture can still be ordered and bound
        return b""


def sizes(page: PageObject) -> dict[str, int]:
    """Give the pixels of the pictures of a page, by name."""
    objects = _entry(_entry(page, "/Resources") or {}, "/XObject") or {}
    found = {name: entry.get_object() for name, entry in objects.items()}
    return {
        name: int(entry["/Width"]) * int(entry["/Height"])
        for name, entry in found.items()
        if entry.get("/Subtype") == "/Image"
    }


def _jpeg(image: Image.Image) -> bytes:
    small = _flat(image)
    small.thumbnail(_THUMBNAIL)
    target = io.BytesIO()
    small.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()


def _flat(image: Image.Image) -> Image.Image:
    """Give a picture without transparency, grey or in colour: what JPEG can hold. A copy."""
    if image.mode in {"RGBA", "LA", "P", "PA"}:
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image.convert("L" if image.mode in {"1", "L", "I;16"} else "RGB")


def _unusable(message: str) -> UnusableError:
    return UnusableError(message)
