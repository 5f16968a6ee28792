"""Failures of database, disk or signer that no item is to blame for, in words for those who wait."""

import errno

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_journal.signer_line import SignerAway

_FULL = (
    "database or disk is full",
    "disk i/o error",
    "no space left",
    "could not extend file",
    "readonly database",
)

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


def explain(error: BaseException) -> Unavailable | None:
    """Return what to answer if *error* comes from disk, database or signer, or None if it comes from an item."""
    if isinstance(error, SignerAway):
        # Where it listens is its operator's to know, who finds it in the log.
        return Unavailable(Reason.SIGNER_AWAY)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return Unavailable(Reason.DISK_FULL)
    if isinstance(error, DBAPIError):
        text = str(error.orig).lower()
        if any(words in text for words in _FULL):
            return Unavailable(Reason.DISK_FULL)
        if isinstance(error, OperationalError | InterfaceError):
            return Unavailable(Reason.INTERNAL, "数据库暂时不可用，请稍后再试")
    return None
