"""A node that was restored from an older copy makes no event before it knows again what it had made.

Otherwise it would give journal positions and matter numbers twice, and make machine receipts that lie in its feed
already. Its lanes come back each at its own pace: it has caught up where all are as far as they were at Welcome.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from xiezhi.v1.link_service_pb2 import FeedCursor
from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_journal.bulk import delete_rows, upsert_rows
from xiezhi_journal.tables import pin

_MARK = "catching_up"


@dataclass(slots=True)
class CatchingUp:
    """How far each lane of the feed has still to come; nothing while this node knows all that it has made."""

    _lanes: dict[int, int] = field(default_factory=dict)
    _in_doubt: bool = False

    @property
    def is_behind(self) -> bool:
        """Whether the feed has still to bring events that this node has made, or may have to."""
        return self._in_doubt or bool(self._lanes)

    def doubt(self) -> None:
        """Be behind until the hub has said at Welcome how far this node had come (`settle` or `begin`)."""
        self._in_doubt = True

    def settle(self) -> None:
        """Know that nothing is missing."""
        self._in_doubt = False

    def begin(self, ends: Iterable[FeedCursor], cursors: Iterable[FeedCursor]) -> None:
        """Be behind until all lanes, which stand at *cursors*, have come to *ends*."""
        self._in_doubt = False
        self._lanes = {cursor.lane: cursor.feed_seq for cursor in ends}
        self.advance(cursors)

    def advance(self, cursors: Iterable[FeedCursor]) -> None:
        """Note how far lanes have come."""
        reached: dict[int, int] = {cursor.lane: cursor.feed_seq for cursor in cursors}
        self._lanes = {lane: end for lane, end in self._lanes.items() if reached.get(lane, 0) < end}

    def check(self) -> None:
        """Refuse to make an event or to give a number while behind.

        :raises Unavailable: RECOVERING.
        """
        if self._in_doubt:
            raise Unavailable(
                Reason.RECOVERING, "本节点的数据可能由旧备份恢复，须先与平台核对，连接平台后即可办理"
            )
        if self.is_behind:
            raise Unavailable(Reason.RECOVERING, "本节点由旧备份恢复，正在从平台补齐数据，请稍后再试")


def is_marked(connection: Connection) -> bool:
    """Return whether this node was found to be restored and has not caught up since, restarts included."""
    return connection.scalar(select(pin.c.value).where(pin.c.name == _MARK)) is not None


def mark(connection: Connection, *, behind: bool) -> None:
    """Keep over restarts whether this node has still to catch up."""
    if behind:
        upsert_rows(connection, pin, [(_MARK, "")])
    else:
        delete_rows(connection, pin, [(_MARK,)])
