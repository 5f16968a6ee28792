"""What affixes a court's seal. Courts have seal platforms of their own; an adapter for one implements this."""

from typing import Protocol


class SealProvider(Protocol):
    """Affixes the court's electronic seal."""

    async def affix(self, pdf: bytes, reason: str) -> bytes:
        """Return the PDF with the seal on it; *reason* is what the seal says that it was affixed for.

        :raises WrongState: DOCUMENT_BROKEN; it is no PDF that can be sealed. SEAL_MISSING; there is no seal.
        :raises Unavailable: the seal cannot be affixed now.
        """
