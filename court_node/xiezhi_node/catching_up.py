"""A node that was restored from an older copy makes no event before it knows again what it had made.

Otherwise it would give journal positions twice, and make machine receipts that lie in its feed already.
"""

from dataclasses import dataclass

from xiezhi_domain.errors import Reason, Unavailable


@dataclass(slots=True)
class CatchingUp:
    """Up to which journal position the hub knows of this node's events; 0 while the hub has not said."""

    ruled_position: int = 0

    def is_behind(self, journal_position: int) -> bool:
        """Return whether the feed has still to bring events that this node has made."""
        return journal_position < self.ruled_position

    def check(self, journal_position: int) -> None:
        """Refuse to make an event while behind.

        :raises Unavailable: RECOVERING.
        """
        if self.is_behind(journal_position):
            raise Unavailable(Reason.RECOVERING, "本节点由旧备份恢复，正在从平台补齐数据，请稍后再试")
