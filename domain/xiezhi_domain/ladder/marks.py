"""Marks that follow from the overlays of a matter: shown beside its state, never a state of their own."""

from collections.abc import Iterator
from typing import Final

from xiezhi_domain.terms import Mark

_MARKS: Final = {
    "supervision": Mark.SUPERVISED,
    "complaint": Mark.COMPLAINT_OPEN,
    "case_status": Mark.CASE_CHANGED,
    "undelivered": Mark.UNDELIVERED,
    "consent": Mark.CONSENT_OPEN,
}


def marks_of(overlays: str) -> Iterator[Mark]:
    """Give the marks of open overlays, named in *overlays* with blanks between."""
    for name in overlays.split():
        if name in _MARKS:
            yield _MARKS[name]
