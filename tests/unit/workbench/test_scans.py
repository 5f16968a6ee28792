"""Scans are bound as they were laid out; what is too much or broken is refused before it is unpacked."""

import io
import struct
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from xiezhi_workbench import scans
from xiezhi_workbench.scans import MOST_PAGES, Sheet, UnusableError, bind, thumbnails


def picture(width: int, height: int, colour: str = "red", form: str = "JPEG", **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(target, form, **options)
    return target.getvalue()


def pdf(*widths: int) -> bytes:
    writer = PdfWriter()
    for width in widths:
        writer.add_blank_page(width, 800)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is very large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def bound(files: list[bytes], sheets: list[Sheet]) -> bytes:
    [paper] = bind(files, [sheets])
    return paper


def test_pages_come_in_the_order_asked_for_and_turned() -> None:
    files = [pdf(100, 200, 300), picture(600, 800)]
    paper = PdfReader(io.BytesIO(bound(files, [Sheet(0, 2), Sheet(1, 0, 90), Sheet(0, 0, 180)])))
    assert [int(page.mediabox.width) for page in paper.pages if page.mediabox.height == 800] == [300, 100]
    assert [page.rotation for page in paper.pages] == [0, 90, 180]


def test_a_picture_becomes_a_page_of_at_most_a4() -> None:
    [portrait] = PdfReader(io.BytesIO(bound([picture(3000, 4000)], [Sheet(0, 0)]))).pages
    assert float(portrait.mediabox.width) <= 596
    assert float(portrait.mediabox.height) == pytest.approx(0.75**-1 * float(portrait.mediabox.width), abs=2)
    [landscape] = PdfReader(io.BytesIO(bound([picture(4000, 500)], [Sheet(0, 0)]))).pages
    assert float(landscape.mediabox.width) == pytest.approx(842, abs=2)


def test_the_same_plan_gives_the_same_bytes() -> None:
    files, plan = [pdf(100, 200), picture(60, 80, form="PNG")], [Sheet(1, 0), Sheet(0, 1, 270)]
    assert bound(files, plan) == bound(files, plan)


def test_a_photograph_stands_as_the_camera_was_held() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # Orientation: turned by 90 degrees.
    content = picture(800, 600, exif=turned)
    [small] = thumbnails(content)
    with Image.open(io.BytesIO(small)) as image:
        assert image.height > image.width
    [page] = PdfReader(io.BytesIO(bound([content], [Sheet(0, 0)]))).pages
    assert page.mediabox.height > page.mediabox.width


def test_every_page_of_a_scanner_has_its_small_picture() -> None:
    target = io.BytesIO()
    sides = [Image.new("1", (500, 700), shade) for shade in (0, 1)]
    sides[0].save(target, "TIFF", save_all=True, append_images=sides[1:])
    assert [small[:2] for small in thumbnails(target.getvalue())] == [b"\xff\xd8"] * 2
    scanned = bound([target.getvalue()], [Sheet(0, 0), Sheet(0, 1, 90)])
    assert [small[:2] for small in thumbnails(scanned)] == [b"\xff\xd8"] * 2
    assert thumbnails(pdf(100)) == [b""]


def test_transparent_pictures_lie_on_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(target, "PNG")
    [small] = thumbnails(target.getvalue())
    with Image.open(io.BytesIO(small)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(7000, 6000), (60_000, 60_000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_that_would_fill_the_memory_is_not_unpacked(size: tuple[int, int]) -> None:
    for work in (thumbnails, lambda content: bound([content], [Sheet(0, 0)])):
        with pytest.raises(UnusableError, match="百万像素"):
            work(bomb(*size))


@pytest.mark.parametrize(
    "content", [b"", b"MZ", b"%PDF-1.7 nothing", b"\xff\xd8\xff broken", picture(9, 9)[:200]]
)
def test_what_is_broken_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(UnusableError, match="已损坏"):
        thumbnails(content)


def test_a_locked_pdf_is_refused() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    with pytest.raises(UnusableError, match="已加密"):
        thumbnails(written(writer))


def with_form(form: PdfObject) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.root_object[NameObject("/AcroForm")] = form
    return written(writer)


def dictionary(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): entry for name, entry in entries.items()})


def form_of(*fields: PdfObject) -> DictionaryObject:
    return dictionary(Fields=ArrayObject(fields))


SEAL = dictionary(Type=NameObject("/Sig"))
SIGNATURE = NameObject("/Sig")


@pytest.mark.parametrize(
    "form",
    [
        dictionary(SigFlags=NumberObject(3)),
        form_of(dictionary(FT=SIGNATURE, V=SEAL)),
        form_of(dictionary(Kids=ArrayObject([dictionary(FT=SIGNATURE, V=SEAL)]))),
        form_of(dictionary(FT=SIGNATURE, Kids=ArrayObject([dictionary(V=SEAL)]))),
    ],
)
def test_a_sealed_pdf_is_not_taken_apart(form: PdfObject) -> None:
    for work in (thumbnails, lambda content: bound([content], [Sheet(0, 0)])):
        with pytest.raises(UnusableError, match="签章失效"):
            work(with_form(form))


@pytest.mark.parametrize(
    "form",
    [
        NullObject(),
        form_of(dictionary(FT=SIGNATURE)),
        form_of(dictionary(FT=SIGNATURE, V=NullObject())),
        form_of(dictionary(FT=NameObject("/Tx"), V=TextStringObject("甲"))),
    ],
)
def test_a_form_without_a_seal_is_a_paper_like_any(form: PdfObject) -> None:
    assert bound([with_form(form)], [Sheet(0, 0)]).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "form", [NumberObject(1), form_of(*[dictionary()] * 10_001), form_of(NumberObject(1))]
)
def test_a_form_that_is_none_is_refused_in_words(form: PdfObject) -> None:
    with pytest.raises(UnusableError, match="已损坏"):
        bound([with_form(form)], [Sheet(0, 0)])


def test_a_form_that_goes_round_is_refused_in_words() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    around = writer._add_object(DictionaryObject())
    around.get_object()[NameObject("/Kids")] = ArrayObject([around, around])
    writer.root_object[NameObject("/AcroForm")] = form_of(around)
    with pytest.raises(UnusableError, match="已损坏"):
        bound([written(writer)], [Sheet(0, 0)])


def test_a_page_that_cannot_be_bound_is_refused_in_words() -> None:
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    page[NameObject("/Rotate")] = TextStringObject("quer")
    with pytest.raises(UnusableError, match="已损坏"):
        bound([written(writer)], [Sheet(0, 0, 90)])


@pytest.mark.parametrize("sheets", [[], [Sheet(0, 1)], [Sheet(0, 0, 45)], [Sheet(0, 0)] * (MOST_PAGES + 1)])
def test_a_plan_that_cannot_be_bound_is_refused(sheets: list[Sheet]) -> None:
    with pytest.raises(UnusableError):
        bound([pdf(100)], sheets)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(UnusableError, match="页数过多"):
        thumbnails(pdf(*[100] * (MOST_PAGES + 1)))


def scan(*sizes: tuple[int, int]) -> bytes:
    """A TIFF of white pages."""
    target = io.BytesIO()
    first, *others = [Image.new("1", size, 1) for size in sizes]
    first.save(target, "TIFF", save_all=True, append_images=others, compression="group4")
    return target.getvalue()


def test_papers_are_bound_at_once_of_the_same_files() -> None:
    files = [scan((50, 70), (70, 50)), pdf(100, 200)]
    papers = bind(files, [[Sheet(0, 1)], [Sheet(1, 1), Sheet(0, 1), Sheet(0, 0)]])
    assert [len(PdfReader(io.BytesIO(paper)).pages) for paper in papers] == [1, 3]
    with pytest.raises(UnusableError, match="至少选择一页"):
        bind(files, [[Sheet(0, 1)], []])


def test_pages_that_nobody_wants_are_not_unpacked() -> None:
    content = scan((50, 70), (60_000, 1_000), (70, 50))
    paper = bound([content], [Sheet(0, 2), Sheet(0, 0)])
    assert [page.mediabox.width > page.mediabox.height for page in PdfReader(io.BytesIO(paper)).pages] == [
        True,
        False,
    ]
    with pytest.raises(UnusableError, match="百万像素"):
        bound([content], [Sheet(0, 1)])


def test_pictures_that_are_too_much_together_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MOST_PIXELS_AT_ONCE", 10_000)
    files = [scan((50, 70), (50, 70)), scan((50, 70))]
    bind(files, [[Sheet(0, 0)], [Sheet(1, 0), Sheet(0, 0)]])
    for work in (
        lambda: bind(files, [[Sheet(0, 0), Sheet(0, 1)], [Sheet(1, 0)]]),
        lambda: thumbnails(scan(*[(50, 70)] * 3)),
    ):
        with pytest.raises(UnusableError, match="合计过大"):
            work()


def test_a_picture_that_moves_is_one_page() -> None:
    target = io.BytesIO()
    first, second = Image.new("RGB", (40, 40), "red"), Image.new("RGB", (40, 40), "blue")
    first.save(target, "PNG", save_all=True, append_images=[second])
    assert len(thumbnails(target.getvalue())) == 1


def test_too_many_pages_of_a_scan_are_refused() -> None:
    with pytest.raises(UnusableError, match="页数过多"):
        thumbnails(scan(*[(8, 8)] * (MOST_PAGES + 1)))
    assert len(thumbnails(scan(*[(8, 8)] * MOST_PAGES))) == MOST_PAGES
