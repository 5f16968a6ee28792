"""Sealing with PAdES and a key in a PKCS #12 file."""

import io
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError

from xiezhi_domain.errors import Reason, Unavailable, WrongState
from xiezhi_papers.seals.seals import SealJob

_FIELD = "CourtSeal"


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
