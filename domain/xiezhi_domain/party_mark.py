"""Marks: keyed hashes of identities, by which courts find open cases with a common party (design §9).

Numbers of people are few enough to try them all, so a plain hash would hide nothing. The key of a hub's marks is
known to the hub and the nodes that joined it; a mark says nothing to whoever holds the marks alone
(docs/threat-model.md). The same person gives the same mark however the number was written.
"""

import hmac
from hashlib import sha256
from typing import Final

from stdnum.cn import ric

from xiezhi_domain.typed_text import half_width, round_brackets

MARK_BYTES: Final = 32
SECRET_BYTES: Final = 32

_KEY_CONTEXT: Final = "xiezhi/mark-key/v1"
_MARK_CONTEXT: Final = "xiezhi/mark/v1"
_OLD_CITIZEN_ID: Final = 15


def mark_key(secret: bytes, origin: str) -> bytes:
    """Return the key of the marks of the hub whose log is *origin*: 32 bytes, of no use at another hub."""
    return _keyed(secret, _KEY_CONTEXT, origin)


def key_id(key: bytes) -> str:
    """Return a name for *key* that tells nothing of it, 32 hex digits."""
    return sha256(b"xiezhi/mark-key-id/v1\n" + key).hexdigest()[:32]


def citizen_mark(key: bytes, number: str) -> bytes:
    """Return the mark of a citizen id; one of 15 digits gives the mark of the 18 that it became (GB 11643-1999)."""
    written = half_width(number).upper()
    if len(written) == _OLD_CITIZEN_ID:
        longer = f"{written[:6]}19{written[6:]}"
        # The last place, which is counted out, has to be there.
        written = longer + ric.calc_check_digit(f"{longer}0")
    return _keyed(key, _MARK_CONTEXT, "citizen", written)


def document_mark(key: bytes, number: str) -> bytes:
    """Return the mark of a passport, a permit or another paper, by its number alone: courts name kinds differently."""
    return _keyed(key, _MARK_CONTEXT, "document", half_width(number).upper())


def credit_code_mark(key: bytes, code: str) -> bytes:
    """Return the mark of a unified social credit code."""
    return _keyed(key, _MARK_CONTEXT, "credit-code", half_width(code).upper().replace("-", ""))


def organisation_name_mark(key: bytes, name: str) -> bytes:
    """Return the mark of an organisation's full name, for cases that have no credit code of it."""
    return _keyed(key, _MARK_CONTEXT, "organisation", round_brackets(half_width(name)))


def _keyed(key: bytes, *lines: str) -> bytes:
    return hmac.new(key, "\n".join(lines).encode(), sha256).digest()
