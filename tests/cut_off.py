"""A disk that is cut off at one step after another, as by a crash."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


class CutOffError(Exception):
    """The program has ended here."""


@dataclass
class CutOffDisk:
    """Ends what changes files of *directory* before step number *at* (1, 2, …); `reached` says that it came so far."""

    directory: Path
    at: int
    steps: int = 0

    @property
    def reached(self) -> bool:
        return self.steps >= self.at

    @contextmanager
    def cutting(self) -> Iterator[None]:
        """Cut off inside the block, which then ends quietly."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("replace", "unlink", "hardlink_to", "rename", "rmdir"):
                patch.setattr(Path, name, self._step(getattr(Path, name), str))
            patch.setattr(
                os, "fsync", self._step(os.fsync, lambda file: str(Path(f"/proc/self/fd/{file}").readlink()))
            )
            try:
                yield
            except CutOffError:
                assert self.reached

    def _step(self, real: Callable[..., Any], place: Callable[[Any], str]) -> Callable[..., Any]:
        def step(subject: Any, *args: Any, **named: Any) -> Any:
            if place(subject).startswith(str(self.directory)):
                self.steps += 1
                if self.steps == self.at:
                    raise CutOffError
            return real(subject, *args, **named)

        return step


@contextmanager
def refusing_to_sync() -> Iterator[None]:
    """A disk that says of nothing that it is there for good."""

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, "the disk says no")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        yield
