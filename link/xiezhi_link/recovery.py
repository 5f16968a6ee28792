"""The hub's end of a stream while the hub recovers: it asks for what it lost and gives nothing out (ADR 0002)."""

from collections.abc import Awaitable, Callable

from xiezhi.v1.link_service_pb2 import ConnectResponse, Hello, Recall, Recalled
from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_link.ports import HubPort

Send = Callable[[ConnectResponse], Awaitable[None]]

_NOTHING = (0, 0)


class Recovery:
    """What one court's node is asked for, once for each index."""

    def __init__(self, hub: HubPort, court: str, hello: Hello, send: Send) -> None:
        self._hub = hub
        self._court = court
        self._hello = hello
        self._send = send
        self._asked = _NOTHING

    async def ask(self) -> None:
        """Ask the node for what is missing and was not asked for.

        :raises Unavailable: the hub has opened; the node says Hello again, and its cursors are judged anew.
        """
        if not (await self._hub.welcome(self._court, self._hello)).recovering:
            raise Unavailable(Reason.RECOVERING, "枢纽已恢复，正在重新建立连接")
        missing = self._hub.recall_range()
        if missing is not None and not self._covers(missing):
            self._asked = missing
            await self._send(ConnectResponse(recall=Recall(from_index=missing[0], to_index=missing[1])))

    async def take(self, recalled: Recalled) -> None:
        """Hand over what the node held; what was not asked for is dropped."""
        if self._asked != _NOTHING:
            await self._hub.recalled(self._court, recalled.records, recalled.done)

    def _covers(self, missing: tuple[int, int]) -> bool:
        # The range shrinks while other nodes answer too; what this node has was asked for before.
        return self._asked[0] <= missing[0] and missing[1] <= self._asked[1]
