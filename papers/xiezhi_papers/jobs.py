"""What helper processes do for programs, which load none of the libraries that it takes."""

from typing import Final

from xiezhi_papers.bulletins.paper import BulletinPaper
from xiezhi_papers.letters.asked import LetterJob, Proposal
from xiezhi_papers.receipts.paper import ReceiptPaper
from xiezhi_papers.seals.seals import CheckedSeals, SealCheck, SealJob
from xiezhi_papers.sheets.sheet import PrintedSheet, Sheet
from xiezhi_papers.sniffing.suspect import Examined, Suspect
from xiezhi_papers.workshop import Job

EXAMINE: Final[Job[Suspect, Examined]] = Job("xiezhi_papers.sniffing.examine", "examine", Examined)
CHECK_SEALS: Final[Job[SealCheck, CheckedSeals]] = Job(
    "xiezhi_papers.seals.check", "check_seals", CheckedSeals
)
SEAL_PDF: Final[Job[SealJob, bytes]] = Job("xiezhi_papers.seals.pades", "seal_pdf", bytes)
MAKE_LETTER: Final[Job[LetterJob, list[bytes]]] = Job(
    "xiezhi_papers.letters.make", "make_letter", list[bytes]
)
TRY_TEMPLATE: Final[Job[Proposal, bytes]] = Job("xiezhi_papers.letters.templates", "try_template", bytes)
MAKE_XLSX: Final[Job[Sheet, bytes]] = Job("xiezhi_papers.sheets.xlsx", "xlsx_of", bytes)
MAKE_SHEET_PDF: Final[Job[PrintedSheet, bytes]] = Job("xiezhi_papers.sheets.pdf", "sheet_pdf_of", bytes)
MAKE_BULLETIN_WORD: Final[Job[BulletinPaper, bytes]] = Job(
    "xiezhi_papers.bulletins.word", "bulletin_docx_of", bytes
)
MAKE_BULLETIN_PDF: Final[Job[BulletinPaper, bytes]] = Job(
    "xiezhi_papers.bulletins.setting", "bulletin_pdf_of", bytes
)
MAKE_BULLETIN_XLSX: Final[Job[BulletinPaper, bytes]] = Job(
    "xiezhi_papers.bulletins.workbook", "bulletin_xlsx_of", bytes
)
MAKE_RECEIPT_PDF: Final[Job[ReceiptPaper, bytes]] = Job("xiezhi_papers.receipts.pdf", "receipt_pdf_of", bytes)
