"""Receipts that were printed: the proof attached to the PDF, and the QR code on the sheet."""

from io import BytesIO
from typing import Final

from pypdf import PdfReader

from xiezhi_client.verify.receipt import VerifiedReceipt
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.receiptcode import ReceiptCode

MAX_PDF_BYTES: Final = 32 * 1024 * 1024
SUFFIX: Final = ".receipt"


def is_pdf(data: bytes) -> bool:
    """Return whether *data* begins as a PDF does."""
    return data.startswith(b"%PDF-")


def attached_receipt(data: bytes) -> bytes:
    """Return the one receipt that is attached to a PDF.

    :raises FormatError: no PDF that can be read, none attached, or several.
    """
    if len(data) > MAX_PDF_BYTES:
        raise FormatError(f"PDF 文件超过 {MAX_PDF_BYTES // (1024 * 1024)} MiB")
    try:
        attachments = PdfReader(BytesIO(data)).attachments
        found = [each for name, files in attachments.items() if name.endswith(SUFFIX) for each in files]
    except Exception as error:  # Whatever a stranger's file does to a library.
        raise FormatError("PDF 文件读不懂，可能已损坏") from error
    if len(found) != 1:
        raise FormatError(
            "PDF 文件中没有内附的存证回执：可能是打印后重新扫描的，或者另存时丢弃了附件；请核验原文件"
        )
    return found[0]


def require_same(scanned: str, verified: VerifiedReceipt) -> None:
    """Check that the QR code that was scanned from a sheet is that of a verified receipt.

    The checkpoint may be another: the receipt of one entry can be given again, under a later one.

    :raises FormatError: it is no such code.
    :raises ProofError: it speaks of another entry.
    """
    code, tree = ReceiptCode.parse(scanned), verified.checkpoint
    if (code.origin, code.index, code.leaf) != (tree.origin, verified.log_index, verified.leaf):
        raise ProofError("二维码所指的不是这份回执的记录：纸质件与电子文件不是同一步骤的，或者纸质件有改动")
    if code.size == tree.size and code.root != tree.root:
        raise ProofError("二维码中的日志根与回执的检查点不一致，纸质件有改动")
