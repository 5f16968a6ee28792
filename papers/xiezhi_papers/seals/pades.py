"""The default provider: PAdES with a key in a PKCS #12 file."""

import io
from dataclasses import dataclass
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError

from xiezhi_domain.errors import Reason, Unavailable, WrongState
from xiezhi_papers.workshop import Workshop

_FIELD = "CourtSeal"


@dataclass(frozen=True, slots=True)
class SealJob:
    """A PDF to be sealed, what for, and the files of key and passphrase; no passphrase file, no passphrase."""

    pdf: bytes
    reason: str
    key_file: str
    passphrase_file: str


class FileSeal:
    """A `SealProvider` whose key is in a PKCS #12 file; None of a file means that the court has no seal here."""

    def __init__(self, workshop: Workshop, key_file: Path | None, passphrase_file: Path | None) -> None:
        self._workshop = workshop
        self._key_file = key_file
        self._passphrase_file = passphrase_file

    async def affix(self, pdf: bytes, reason: str) -> bytes:
        """See `SealProvider`."""
        if self._key_file is None:
            raise WrongState(Reason.SEAL_MISSING)
        job = SealJob(pdf, reason, str(self._key_file), str(self._passphrase_file or ""))
        return await self._workshop.run(seal_pdf, job)


def seal_pdf(job: SealJob) -> bytes:
    """Return the sealed PDF. Runs in a helper process: the PDF may be a stranger's.

    :raises WrongState: DOCUMENT_BROKEN; it cannot be read or sealed.
    :raises Unavailable: SEAL_MISSING; the key cannot be read.
    """
    signer = _signer(job)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(job.pdf))
        name = f"{_FIELD}{len(writer.prev.embedded_regular_signatures) + 1}"
        metadata = PdfSignatureMetadata(
            field_name=name, reason=job.reason, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
        )
        sealed = sign_pdf(writer, metadata, signer)
    except (PdfError, SigningError, ValueError, KeyError) as error:
        raise WrongState(
            Reason.DOCUMENT_BROKEN, "该 PDF 无法加盖电子签章，请重新生成，或上传已签章的文书"
        ) from error
    made: bytes = sealed.getvalue()
    return made


def _signer(job: SealJob) -> SimpleSigner:
    passphrase = Path(job.passphrase_file).read_bytes().strip() if job.passphrase_file else None
    signer: SimpleSigner | None = SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]  # pyHanko's gap
        job.key_file, passphrase=passphrase
    )
    if signer is None:
        raise Unavailable(Reason.SEAL_MISSING, "电子签章的密钥文件无法读取，请联系系统管理员")
    return signer
