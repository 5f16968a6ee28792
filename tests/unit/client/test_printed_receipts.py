"""Receipts on paper: the proof attached to the PDF, the QR code on the sheet, and what neither can hide."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from tests.unit.client.test_verify import COMPLETED, ISSUED, PINS, REFUSED, USAGE, as_json, xiezhi

from xiezhi_client.verify.files import parse_receipt
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.receipt import check_receipt
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.receiptcode import ReceiptCode
from xiezhi_papers.receipts.paper import ReceiptPaper
from xiezhi_papers.receipts.pdf import receipt_pdf_of


def code_of(receipt: Path) -> ReceiptCode:
    verified = check_receipt(parse_receipt(receipt.read_bytes()), Pins.load(PINS))
    tree = verified.checkpoint
    return ReceiptCode(tree.origin, verified.log_index, verified.leaf, tree.size, tree.root)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    paper = ReceiptPaper(
        title="存证回执",
        rows=(("步骤", "办结反馈"),),
        code=code_of(COMPLETED).format(),
        notes=("内附回执",),
        attachment_name="completed.receipt",
        attachment=COMPLETED.read_bytes(),
        timestamp=1_767_225_600,
    )
    path = tmp_path_factory.mktemp("printed") / "completed.pdf"
    path.write_bytes(receipt_pdf_of(paper))
    return path


def test_the_pdf_alone_is_verified_as_the_receipt_in_it(page: Path) -> None:
    [printed], [receipt] = (
        as_json("verify", page, "--pins", PINS),
        as_json("verify", COMPLETED, "--pins", PINS),
    )
    assert printed["verified"]
    assert {**printed, "file": ""} == {**receipt, "file": ""}


def test_it_is_one_page_and_the_same_each_time(page: Path) -> None:
    assert len(PdfReader(page).pages) == 1
    assert "存证回执" in PdfReader(page).pages[0].extract_text()


def test_the_code_of_the_sheet_is_held_against_the_file(page: Path) -> None:
    scanned = code_of(COMPLETED).format()
    xiezhi("verify", page, "--pins", PINS, "--qr", scanned)
    xiezhi("verify", COMPLETED, "--pins", PINS, "--qr", scanned.replace("\n", "\r\n"))
    for other in (code_of(ISSUED), ReceiptCode(*_with_other_root(code_of(COMPLETED)))):
        [result] = as_json("verify", page, "--pins", PINS, "--qr", other.format(), code=REFUSED)
        assert result["error"]["reason"] == "SIGNATURE_INVALID"
    [result] = as_json("verify", page, "--pins", PINS, "--qr", "https://example.org", code=REFUSED)
    assert result["error"]["reason"] == "MALFORMED"
    xiezhi("verify", page, COMPLETED, "--pins", PINS, "--qr", scanned, code=USAGE)


def _with_other_root(code: ReceiptCode) -> tuple[str, int, bytes, int, bytes]:
    return code.origin, code.index, code.leaf, code.size, bytes(32)


@pytest.mark.parametrize("harm", ["scanned", "two", "cut", "no pdf"])
def test_a_pdf_without_the_one_proof_is_refused(page: Path, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "harmed.pdf"
    path.write_bytes(_harmed(page, harm))
    [result] = as_json("verify", path, "--pins", PINS, code=REFUSED)
    assert result["error"]["reason"] == "MALFORMED"


def _harmed(page: Path, harm: str) -> bytes:
    if harm == "cut":
        return page.read_bytes()[:2_000]
    if harm == "no pdf":
        return b"%PDF-1.7\n" + bytes(100)
    writer, written = PdfWriter(), BytesIO()
    writer.add_page(PdfReader(page).pages[0])
    if harm == "two":
        writer.add_attachment("a.receipt", COMPLETED.read_bytes())
        writer.add_attachment("b.receipt", ISSUED.read_bytes())
    writer.write(written)
    return written.getvalue()


def test_an_attachment_that_was_exchanged_is_another_receipt(page: Path, tmp_path: Path) -> None:
    writer, path = PdfWriter(), tmp_path / "exchanged.pdf"
    writer.add_page(PdfReader(page).pages[0])
    writer.add_attachment("completed.receipt", ISSUED.read_bytes())
    writer.write(path)
    [result] = as_json("verify", path, "--pins", PINS)
    assert result["kind"] == "Issued", "the page says 办结反馈: what counts is what is told here"
    scanned = code_of(COMPLETED).format()
    assert as_json("verify", path, "--pins", PINS, "--qr", scanned, code=REFUSED)


@pytest.mark.parametrize("line", range(6))
def test_a_code_that_is_cut_is_none(line: int) -> None:
    lines = code_of(COMPLETED).format().splitlines()
    assert ReceiptCode.parse("\n".join(lines)) == code_of(COMPLETED)
    with pytest.raises(FormatError):
        ReceiptCode.parse("\n".join([*lines[:line], *lines[line + 1 :]]))
