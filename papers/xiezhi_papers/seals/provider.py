"""What affixes a court's seal. Courts have seal platforms of their own; an adapter for one implements this."""

from pathlib import Path
from typing import Protocol

from xiezhi_domain.errors import Reason, WrongState
from xiezhi_papers.jobs import SEAL_PDF
from xiezhi_papers.seals.seals import SealJob
from xiezhi_papers.workshop import Workshop


class SealProvider(Protocol):
    """Affixes the court's electronic seal."""

    async def affix(self, pdf: bytes, reason: str) -> bytes:
        """Return the PDF with the seal on it; *reason* is what the seal says that it was affixed for.

        :raises WrongState: DOCUMENT_BROKEN; it is no PDF that can be sealed. SEAL_MISSING; there is no seal.
        :raises Unavailable: the seal cannot be affixed now.
        """


class FileSeal:
    """The default provider: PAdES, with a key in a PKCS #12 file. None of a file: the court has no seal here."""

    def __init__(self, workshop: Workshop, key_file: Path | None, passphrase_file: Path | None) -> None:
        self._workshop = workshop
        self._key_file = key_file
        self._passphrase_file = passphrase_file

    async def affix(self, pdf: bytes, reason: str) -> bytes:
        """See `SealProvider`."""
        if self._key_file is None:
            raise WrongState(Reason.SEAL_MISSING)
        job = SealJob(pdf, reason, str(self._key_file), str(self._passphrase_file or ""))
        return await self._workshop.run(SEAL_PDF, job)
