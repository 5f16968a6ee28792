"""The list of orders to erase in a file outside the database, in no backup (protocol §14).

A database that was restored from a backup may have back what was erased since, and the hub may be away. The file says
what has to be erased again before anybody is served. It names matters and parts, no people.
"""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from xiezhi_domain.errors import FormatError
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.durable_files import replace_file
from xiezhi_journal.erasures import Erasure, find_erasure
from xiezhi_journal.tables import erasure as table


class ErasureList:
    """The file at *path*; whoever follows orders writes it before he does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, orders: Sequence[Erasure]) -> None:
        """Put *orders* into the file, beside those that stand there. When it returns, it is on disk.

        :raises OSError: it could not be written; what was there is there.
        """
        known = {each.order_id: each for each in self.read()}
        known.update({each.order_id: each for each in orders})
        lines = [_line(each) for each in sorted(known.values(), key=lambda each: each.log_index)]
        replace_file(self._path, "".join(lines).encode())

    def read(self) -> list[Erasure]:
        """Return the orders in the file; none where there is no file.

        :raises FormatError: it is damaged.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        try:
            return [_order(line) for line in lines]
        except (ValueError, KeyError, TypeError) as error:
            raise FormatError(
                f"清除清单 {self._path.name} 已损坏，请从另一份副本恢复或删除后由平台补齐"
            ) from error

    def restore(self, connection: Connection) -> int:
        """Put into a journal those that it lacks, to be followed; returns how many these were.

        :raises FormatError: the file is damaged.
        """
        lost = [each for each in self.read() if find_erasure(connection, each.order_id) is None]
        insert_rows(connection, table, [each.row() for each in lost])
        return len(lost)


def _line(erasure: Erasure) -> str:
    plain = {
        "order": erasure.order_id,
        "matter": erasure.instruction,
        "log_index": erasure.log_index,
        "ordered_at": erasure.ordered_at,
        "content": base64.b64encode(erasure.content).decode(),
    }
    return json.dumps(plain, ensure_ascii=False) + "\n"


def _order(line: str) -> Erasure:
    plain = json.loads(line)
    content = base64.b64decode(plain["content"], validate=True)
    return Erasure(
        plain["order"], plain["matter"], int(plain["log_index"]), int(plain["ordered_at"]), content
    )
