"""Hearing of persons under watch: each hit becomes a notice at its matter, once, and is never lost."""

import asyncio
from contextlib import aclosing
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi.v1 import registry_pb2
from xiezhi_domain.errors import DomainError
from xiezhi_domain.terms import ControlAction
from xiezhi_journal.journal import Journal
from xiezhi_link.backoff import Backoff
from xiezhi_node.fields import LONGEST_LINE, LONGEST_TEXT, Fields
from xiezhi_node.registries import hit_store
from xiezhi_node.registries.act_store import ActState, StoredAct, find_last, get_act
from xiezhi_node.registries.connector import Connector
from xiezhi_node.registries.standing import is_same

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
LONGEST_CURSOR: Final = 1_000
_log = structlog.get_logger(__name__)


class HitWatcher:
    """Follows the hits of one connector for ever; begins again where it was when the registry was away."""

    def __init__(self, journal: Journal, connector: Connector) -> None:
        self._journal = journal
        self._connector = connector

    async def run(self) -> None:
        """Run until cancelled."""
        backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while True:
            try:
                await self._follow(backoff)
            except DomainError as error:
                _log.warning("registry_not_followed", connector=self._connector.name, reason=error.reason)
            await asyncio.sleep(backoff.next_s())

    async def _follow(self, backoff: Backoff) -> None:
        name = self._connector.name
        after = await self._journal.read(partial(hit_store.read_cursor, connector=name))
        async with aclosing(self._connector.watch(after)) as told:
            async for each in told:
                await self._take(each)
                backoff.reset()

    async def _take(self, told: connector_pb.RegistryConnectorWatchResponse) -> None:
        """Store a hit with its cursor; one that is nobody's is passed over, so that it holds up no other."""
        cursor, hit = told.cursor[:LONGEST_CURSOR], told.hit
        act = await self._journal.read(partial(get_act, request_number=hit.request_number))
        if act is None or not self._is_ours(act, hit) or not await self._is_wanted(act):
            _log.warning("registry_hit_not_taken", connector=self._connector.name)
            passed = partial(hit_store.pass_over, connector=self._connector.name, cursor=cursor)
            await self._journal.write(passed)
            return
        now = self._journal.clock()
        await self._journal.write(partial(hit_store.add_hit, act=act, hit=hit, cursor=cursor, now=now))

    async def _is_wanted(self, act: StoredAct) -> bool:
        """Return whether the matter can still use a hit, and nobody has ended the watch."""

        def look(connection: Connection) -> bool:
            ended = find_last(connection, act.instruction, act.item, ControlAction.UNWATCH)
            is_over = ended is not None and ended.state is ActState.DONE
            return not is_over and hit_store.is_open(connection, act.instruction)

        return await self._journal.read(look)

    def _is_ours(self, act: StoredAct, hit: registry_pb2.RegistryHit) -> bool:
        """Return whether we have put this very person under watch there, and the hit can be read."""
        fields = Fields()
        fields.require_text("hit_id", hit.hit_id, "", LONGEST_LINE)
        fields.limit_text("place", hit.place)
        fields.limit_text("text", hit.text, LONGEST_TEXT)
        watched = act.action is ControlAction.WATCH and act.state is ActState.DONE
        here = act.connector == self._connector.name
        return not fields.violations and watched and here and is_same(act.request.subject, hit.holder)
