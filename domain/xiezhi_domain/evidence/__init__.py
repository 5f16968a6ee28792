"""Evidence formats: what a court can show years later to somebody who trusts neither court nor hub.

Hashes are SHA-256 (C2SP fixes it). This package imports nothing that signs: a signature is made by a
``Signer`` and checked by a ``SignatureCheck`` that the caller hands in (:mod:`.note`).

Two rules hold in every module:

- Bytes have one spelling. A base64 string, a number or a key that could be written in another way is refused.
- A check that fails raises: :class:`xiezhi_domain.errors.FormatError` for malformed bytes,
  :class:`.errors.ProofError` for well-formed bytes that prove nothing. No function answers a failed check
  with ``False``, so that no caller can overlook it.
"""
