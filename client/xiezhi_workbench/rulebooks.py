"""Rulebooks, in force and as matters pin them. A hash names its bytes for ever, so each is fetched and read once."""

from typing import Final

from xiezhi_client.sdk import Client
from xiezhi_domain.rulebook import Rulebook, load_rulebook

_MOST: Final = 8
"""Kept; the one that came first goes first."""


class Rulebooks:
    """Those that this process has met, by hash."""

    def __init__(self) -> None:
        self._met: dict[str, Rulebook] = {}
        self._newest = ""
        """Hash of the one that was in force when it was asked last."""

    async def pinned(self, client: Client, named: str) -> Rulebook:
        """Give the rulebook of this hash. Raise `NotFound`."""
        return self._met.get(named) or self._read((await client.directory.rulebook(named)).content)

    async def in_force(self, client: Client) -> Rulebook:
        """Give the rulebook for new matters; which one it is, is asked each time."""
        known = self._met.get(self._newest)
        told = await client.directory.rulebook(known=self._newest if known else "")
        self._newest = told.hash
        if known and known.hash == told.hash:
            return known
        return self._met.get(told.hash) or self._read(told.content)

    def _read(self, content: bytes) -> Rulebook:
        rulebook = load_rulebook(content)
        if len(self._met) == _MOST:
            self._met.pop(next(iter(self._met)))
        self._met[rulebook.hash] = rulebook
        return rulebook
