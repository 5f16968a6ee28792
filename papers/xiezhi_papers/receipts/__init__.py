"""A receipt (存证回执) as one page: what it proves in words, a QR code, and the proof itself attached."""

from xiezhi_papers.receipts.paper import ReceiptPaper

__all__ = ["ReceiptPaper"]
