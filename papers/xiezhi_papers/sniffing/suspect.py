"""A file to look into, and what it holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suspect:
    """A file to look into: its path, and the media type found in its bytes."""

    path: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file holds: its number of pages, 0 where its type has none."""

    pages: int
