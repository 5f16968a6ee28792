"""What an audit finds, in words, and what all of it together is worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Verdict(IntEnum):
    """What was found; the greater one counts."""

    CHECKED = 0
    NOT_PROVEN = 1
    TAMPERED = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, in Chinese."""

    verdict: Verdict
    text: str


def tampered(text: str) -> Finding:
    """Return what shows that bytes are not those that were signed, or that two things were."""
    return Finding(Verdict.TAMPERED, text)


def not_proven(text: str) -> Finding:
    """Return what keeps the check from saying anything."""
    return Finding(Verdict.NOT_PROVEN, text)


def worst(findings: Iterable[Finding]) -> Verdict:
    """Return what *findings* are worth together."""
    return max((finding.verdict for finding in findings), default=Verdict.CHECKED)


class NotHeldError(Exception):
    """The copy does not have what is asked for, or cannot be read; says so in Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
