"""Imports of spreadsheets under way: rows go through while their page looks on, and go on where they stopped.

An import lives in this process alone. What makes it repeatable are its request ids, made of the file's content and the
row: whoever sends the same file again, after a restart or from another machine, drafts nothing twice.
"""

import asyncio
import os
import shutil
import stat
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Final

from xiezhi_client.batch.drafting import RowResult, draft_row
from xiezhi_client.batch.forms import OrderForm
from xiezhi_client.batch.orders import RowOrder
from xiezhi_client.sdk import Client, InvalidInput, XiezhiError, new_request_id

MOST_KEPT: Final = 8
"""Imports of an account that this process keeps; the oldest that is not running goes first."""
MOST_RUNNING: Final = 2
"""Imports of an account whose rows go through at the same time."""

_FOLDERS: Final = "xiezhi-import-"
SHOWN_FOLDERS: Final = "xiezhi-workbench-"
"""How folders begin in which a paper lies while it is sent to a browser."""
_LEFT_S: Final = {_FOLDERS: 24 * 3600, SHOWN_FOLDERS: 3600}
"""After so many seconds no import is under way any more, and no paper is on its way to a browser."""


@dataclass(slots=True)
class Import:
    """One import: its rows as orders, and what has become of them so far."""

    owner: str
    """Account."""
    file_name: str
    kind: str
    sha256: str
    form: OrderForm
    orders: Sequence[RowOrder]
    submit: bool
    folder: Path
    """Where the papers that came with the sheet lie, until every row has gone through."""
    import_id: str = field(default_factory=new_request_id)
    results: dict[int, RowResult] = field(default_factory=dict)
    stopped: str = ""
    """Why it stopped before its end; empty while it goes on and after it."""
    task: "asyncio.Task[None] | None" = None

    @property
    def is_running(self) -> bool:
        """Whether rows are going through."""
        return self.task is not None and not self.task.done()

    @property
    def is_done(self) -> bool:
        """Whether every row has a result."""
        return len(self.results) == len(self.orders)

    @property
    def failed(self) -> int:
        """Rows that were refused."""
        return sum(each.problem is not None for each in self.results.values())

    @property
    def rows(self) -> list[tuple[RowOrder, RowResult | None]]:
        """All rows, each with its result once it has one."""
        return [(order, self.results.get(order.number)) for order in self.orders]

    def go_on(self, client: Client) -> None:
        """Let the rows through that have no result, or a refusal; does nothing while they already go."""
        if not self.is_running:
            self.stopped = ""
            self.task = asyncio.create_task(self._run(client))

    async def _run(self, client: Client) -> None:
        for order in self.orders:
            before = self.results.get(order.number)
            if before is not None and before.problem is None:
                continue
            try:
                result = await draft_row(client, self.sha256, self.form, order, submit=self.submit)
            except XiezhiError as error:
                self.stopped = error.message
                return
            except OSError:
                self.stopped = "文书在工作台上无法读取，请重新上传同一文件"
                return
            except Exception:
                self.stopped = "工作台出现故障，请联系系统管理员"
                raise
            self.results[order.number] = result
        if not self.failed:
            await asyncio.to_thread(forget, self.folder)

    def close(self) -> None:
        """Stop, and let go of the papers."""
        if self.task is not None:
            self.task.cancel()
        forget(self.folder)


class Imports:
    """The imports of this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Import] = OrderedDict()

    def start(self, made: Import, client: Client) -> None:
        """Let the rows of an import through, and keep it; one too many lets the oldest go of the same account.

        Raise `InvalidInput` where as many of the account's are running as may.
        """
        own = [each for each in self.of(made.owner) if each is not made]
        running = [each for each in own if each.is_running]
        if len(running) >= MOST_RUNNING:
            message = f"已有 {MOST_RUNNING} 个导入正在进行，请等其中一个结束后再试"
            raise InvalidInput.in_field("file", message)
        resting = [each for each in own if not each.is_running]
        for each in resting[MOST_KEPT - 1 - len(running) :]:
            del self._kept[each.import_id]
            each.close()
        self._kept[made.import_id] = made
        made.go_on(client)

    def find(self, import_id: str, owner: str) -> Import | None:
        """Give an import of an account; None where it is not this account's, or gone."""
        found = self._kept.get(import_id)
        return found if found is not None and found.owner == owner else None

    def of(self, owner: str) -> list[Import]:
        """Give the imports of an account, newest first."""
        return [each for each in reversed(self._kept.values()) if each.owner == owner]

    def close(self) -> None:
        """Stop all of them; who sends a file again goes on."""
        for each in self._kept.values():
            each.close()
        self._kept.clear()


def new_folder() -> Path:
    """Make a folder of this user alone for the papers that come with a sheet."""
    return Path(mkdtemp(prefix=_FOLDERS))


def forget_left(now: float) -> None:
    """Remove the papers that a workbench left which was ended in the middle; *now* in seconds since 1970."""
    for begin, seconds in _LEFT_S.items():
        for folder in Path(gettempdir()).glob(f"{begin}*"):
            if _is_left(folder.lstat(), now - seconds):
                forget(folder)


def _is_left(found: os.stat_result, since: float) -> bool:
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and found.st_mtime < since


def forget(folder: Path) -> None:
    """Remove the papers of an import from this machine: they are at the desk, or with who sent them."""
    shutil.rmtree(folder, ignore_errors=True)
