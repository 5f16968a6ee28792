"""What the page of a receipt says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """A title, rows of name and value, the text of the QR code, notes below, and the file that is attached.

    `font_directory` is the court's own (empty: none), `timestamp` when the page is made (s since 1970).
    """

    title: str
    rows: tuple[tuple[str, str], ...]
    code: str
    notes: tuple[str, ...]
    attachment_name: str
    attachment: bytes
    font_directory: str = ""
    timestamp: int = 0
