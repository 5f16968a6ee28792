"""Whether papers may be shown in the browser: each is looked into once, by its hash, in a process apart."""

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Final

from xiezhi_client.sdk import InvalidInput
from xiezhi_workbench.apart import TooHeavyError, do
from xiezhi_workbench.previews import LARGEST, TOO_LARGE

_MOST_KNOWN: Final = 4_096
_SECONDS: Final = 10
_TOO_COMPLEX: Final = "文书过于复杂"


class Previews:
    """What is known of papers that were looked into, the last used ones."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def why_not(self, sha256: str, media_type: str, path: Path, size: int) -> str:
        """Say in Chinese why the paper in *path* is not shown; empty if it is."""
        if size > LARGEST:
            return TOO_LARGE
        known = self._known.get((sha256, media_type))
        if known is None:
            try:
                known = await self._look(media_type, path)
            except TooHeavyError:
                # Another time the machine may be less busy.
                return _TOO_COMPLEX
            self._known[sha256, media_type] = known
        self._known.move_to_end((sha256, media_type))
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return known

    async def _look(self, media_type: str, path: Path) -> str:
        content = await asyncio.to_thread(path.read_bytes)
        try:
            await do("look", [content], media_type, _SECONDS)
        except TooHeavyError:
            raise
        except InvalidInput as error:
            return error.fields[0].message
        return ""
