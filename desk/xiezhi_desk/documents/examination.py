"""What looking into a document shows as it arrives: pages, damage, seals.

A document that people upload is refused where it cannot be used. One that is fetched has been sent and ruled on
already: it is taken as it is, and only what was found is noted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from xiezhi_domain.errors import DomainError
from xiezhi_domain.terms import SealState
from xiezhi_papers.jobs import CHECK_SEALS, EXAMINE
from xiezhi_papers.seals.seals import CheckedSeals, SealCheck
from xiezhi_papers.sniffing.names import check_promise
from xiezhi_papers.sniffing.suspect import Suspect
from xiezhi_papers.workshop import Workshop

LIMIT_S: Final = 120.0
"""A scan of a whole file may have thousands of pages."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: the number of pages, 0 where the type has none, and what the seals say."""

    pages: int = 0
    seal: SealState = SealState.UNCHECKED


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it arrives: where it lies, what it is called, and the type found in its bytes."""

    path: Path
    name: str
    media_type: str


class Examiner(Protocol):
    """Looks into documents."""

    async def examine(self, file: Incoming, *, strict: bool) -> Findings:
        """Return what the file holds.

        :raises DomainError: if *strict*: DOCUMENT_TYPE_REFUSED, its name promises another type; DOCUMENT_BROKEN or
            DOCUMENT_TOO_LARGE; it could not be looked at now.
        """


class NoExaminer:
    """Looks into nothing: for programs that only hand documents on."""

    async def examine(self, file: Incoming, *, strict: bool) -> Findings:
        """See `Examiner`."""
        del file, strict
        return Findings()


class WorkshopExaminer:
    """An `Examiner` in helper processes. *trust_file* (PEM) names the authorities of seals; None trusts nobody."""

    def __init__(self, workshop: Workshop, trust_file: Path | None, clock: Callable[[], int]) -> None:
        self._workshop = workshop
        self._trust_file = trust_file
        self._clock = clock

    async def examine(self, file: Incoming, *, strict: bool) -> Findings:
        """See `Examiner`."""
        try:
            check_promise(file.name, file.media_type)
            examined = await self._workshop.run(EXAMINE, Suspect(str(file.path), file.media_type), LIMIT_S)
            seals = await self.seals(file.path, file.media_type)
        except DomainError:
            if strict:
                raise
            return Findings()
        return Findings(examined.pages, seals.state)

    async def seals(self, path: Path, media_type: str) -> CheckedSeals:
        """Return what the seals of a file say now.

        :raises Unavailable: it could not be looked at now.
        :raises LimitExceeded: RATE_LIMITED.
        """
        check = SealCheck(str(path), media_type, str(self._trust_file or ""), self._clock())
        return await self._workshop.run(CHECK_SEALS, check, LIMIT_S)
