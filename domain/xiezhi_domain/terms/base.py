"""The base of every vocabulary: an identifier for programs, a word for people."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A closed vocabulary whose members are their identifier and know their Chinese word.

    A member is written `NAME = "NAME", "中文"`. It is a `str` equal to the identifier, which is what is
    stored, sent and signed; `zh` is what court staff read. Words may change, identifiers never do.
    """

    zh: str

    def __new__(cls, identifier: str, zh: str = "") -> Self:
        """Make a member. `zh` has a default only so that `State("DRAFT")`, the look-up, type-checks."""
        if not zh:
            raise TypeError(f"{cls.__name__}.{identifier} has no Chinese word")
        member = str.__new__(cls, identifier)
        member._value_ = identifier
        member.zh = zh
        return member
