"""What the seals of a document say. Runs in a helper process: the document is a stranger's.

Without a trusted time stamp nobody knows when a seal was affixed, so a certificate is judged as of now; the time that
the seal itself claims is only told.
"""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from xiezhi_domain.terms import SealState
from xiezhi_papers.seals.seals import PDF, CheckedSeal, CheckedSeals, SealCheck

_WORST_FIRST: Final = (
    SealState.ALTERED,
    SealState.UNCHECKED,
    SealState.UNKNOWN_SIGNER,
    SealState.EXPIRED,
    SealState.VALID,
)


def check_seals(check: SealCheck) -> CheckedSeals:
    """Return what the seals say. What cannot be checked is UNCHECKED; nothing is refused (practice.md §19)."""
    if check.media_type != PDF:
        return CheckedSeals(SealState.UNCHECKED, ())
    content = Path(check.path).read_bytes()
    try:
        signatures = PdfFileReader(io.BytesIO(content), strict=False).embedded_regular_signatures
        seals = asyncio.run(_check_all(signatures, check))
    except Exception:  # noqa: BLE001  # whatever a stranger's file does to a library
        return CheckedSeals(SealState.UNCHECKED, ())
    if not seals:
        return CheckedSeals(SealState.NONE, ())
    worst = min((seal.state for seal in seals), key=_WORST_FIRST.index)
    return CheckedSeals(worst, seals)


async def _check_all(signatures: Sequence[EmbeddedPdfSignature], check: SealCheck) -> tuple[CheckedSeal, ...]:
    return tuple([await _check(signature, check) for signature in signatures])


async def _check(signature: EmbeddedPdfSignature, check: SealCheck) -> CheckedSeal:
    certificate = signature.signer_cert
    claimed = signature.self_reported_timestamp
    try:
        state = await _state(signature, check)
    except (SignatureValidationError, PdfError, ValueError):
        state = SealState.ALTERED
    return CheckedSeal(state, _name(certificate), int(claimed.timestamp() * 1_000) if claimed else 0)


async def _state(signature: EmbeddedPdfSignature, check: SealCheck) -> SealState:
    now = datetime.fromtimestamp(check.now_ms / 1_000, UTC)
    status = await _validated(signature, check.trust_file, now)
    if not (status.intact and status.valid and status.docmdp_ok):
        return SealState.ALTERED
    if status.trusted:
        return SealState.VALID
    ended: datetime = signature.signer_cert.not_valid_after
    began: datetime = signature.signer_cert.not_valid_before
    if began <= now <= ended:
        return SealState.UNKNOWN_SIGNER
    then = await _validated(signature, check.trust_file, ended)
    return SealState.EXPIRED if then.trusted else SealState.UNKNOWN_SIGNER


async def _validated(
    signature: EmbeddedPdfSignature, trust_file: str, moment: datetime
) -> PdfSignatureStatus:
    """Return what pyHanko says, trusting the court's own authorities only and fetching nothing from anywhere."""
    roots = list(load_certs_from_pemder([trust_file])) if trust_file else []  # type: ignore[no-untyped-call]  # its gap
    trust = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
    return await async_validate_pdf_signature(signature, signer_validation_context=trust)


def _name(certificate: x509.Certificate) -> str:
    subject = certificate.subject.native
    return str(subject.get("common_name") or subject.get("organization_name") or "")
