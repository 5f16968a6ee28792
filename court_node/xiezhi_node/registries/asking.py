"""Asking registries: each category by itself, now and again later, until it is answered or given up."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from xiezhi.v1 import query_service_pb2 as pb
from xiezhi_domain.errors import DomainError, Reason
from xiezhi_domain.registries import Category
from xiezhi_domain.terms import AnswerState
from xiezhi_journal.journal import Journal
from xiezhi_node.registries.answers import Collected
from xiezhi_node.registries.connector import Connector
from xiezhi_node.registries.standing import WORKED_ON
from xiezhi_node.registries.store import (
    Question,
    Settled,
    due_questions,
    first_questions,
    is_worked_on,
    settle,
)

LOOK_EVERY_S: Final = 5.0
MARGIN_MS: Final = 30_000
"""How long after its time-out a question that nobody settled is asked again: its process died."""
_AWAY: Final = "登记机构接口暂时连接不上，稍后自动再查"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Again:
    """The pauses before a question is asked again; after the last one it is given up."""

    pauses_ms: tuple[int, ...] = (60_000, 300_000, 900_000, 3_600_000, 3_600_000, 3_600_000)


class Asking:
    """Asks what waits, for ever. What is asked goes on when the one who clicked has left."""

    def __init__(
        self,
        journal: Journal,
        connectors: Mapping[str, Connector],
        categories: Mapping[str, Category],
        again: Again | None = None,
    ) -> None:
        self._journal = journal
        self._connectors = connectors
        self._categories = categories
        self._again = again or Again()
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def run(self, look_every_s: float = LOOK_EVERY_S) -> None:
        """Ask again what is due, until cancelled."""
        try:
            while True:
                await self.ask_due()
                await asyncio.sleep(look_every_s)
        finally:
            await self.stop()

    async def ask_due(self) -> None:
        """Begin with what is due now."""
        try:
            due = await self._journal.read(partial(due_questions, now=self._journal.clock()))
        except DomainError as error:
            _log.warning("registry_questions_not_read", reason=error.reason)
            return
        self._begin(due)

    async def ask_first(self, query_id: str) -> None:
        """Begin with every category of a query that nobody has asked yet."""
        self._begin(await self._journal.read(partial(first_questions, query_id=query_id)))

    async def settled(self) -> None:
        """Return when nothing is being asked."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Leave what is being asked; it is asked again by the next start."""
        for task in list(self._running.values()):
            task.cancel()
        await self.settled()

    def _begin(self, questions: list[Question]) -> None:
        for question in questions:
            key = (question.query_id, question.category)
            if key not in self._running:
                task = self._running[key] = asyncio.create_task(self._ask(question))
                task.add_done_callback(partial(self._ended, key))

    def _ended(self, key: tuple[str, str], _task: asyncio.Task[None]) -> None:
        self._running.pop(key, None)

    async def _ask(self, question: Question) -> None:
        try:
            worked_on = partial(is_worked_on, instruction=question.instruction, state=WORKED_ON)
            if await self._journal.read(worked_on):
                settled = await self._answer(question)
            else:
                settled = Settled(AnswerState.GIVEN_UP, f"事项已不在{WORKED_ON.zh}状态，不再查询")
            await self._journal.write(partial(settle, question=question, settled=settled))
        except DomainError as error:
            # Its row still says when it is asked again.
            _log.warning("registry_answer_not_stored", category=question.category, reason=error.reason)

    async def _answer(self, question: Question) -> Settled:
        connector = self._connectors.get(question.connector)
        category = self._categories.get(question.category)
        if connector is None or category is None:
            return Settled(AnswerState.GIVEN_UP, "该登记机构已不在本院配置中")
        collected = Collected(question.request, category)
        try:
            async with aclosing(connector.query(question.request, category.timeout_s)) as parts:
                async for part in parts:
                    collected.take(part)
                    if collected.complete:
                        break
        except DomainError as error:
            return self._broken(question, collected, error)
        if not collected.complete:
            return self._later(question, "登记机构中断了应答", collected)
        state = AnswerState.FOUND if collected.records else AnswerState.NOTHING
        return Settled(state, "", self._journal.clock(), 0, _content(collected))

    def _broken(self, question: Question, collected: Collected, error: DomainError) -> Settled:
        if error.reason is Reason.REGISTRY_REFUSED:
            return Settled(AnswerState.REFUSED, error.message, self._journal.clock())
        if error.reason is Reason.REGISTRY_UNREADABLE:
            _log.warning(
                "registry_answer_not_believed", connector=question.connector, category=question.category
            )
            return Settled(AnswerState.MISMATCHED, error.message, self._journal.clock())
        told = error.message if error.message != Reason.REGISTRY_AWAY.zh else _AWAY
        return self._later(question, told, collected)

    def _later(self, question: Question, problem: str, collected: Collected | None = None) -> Settled:
        """Return what is kept of a question that is asked again, or given up after the last pause."""
        now, pauses = self._journal.clock(), self._again.pauses_ms
        content = _content(collected) if collected and collected.records else None
        if question.attempts >= len(pauses):
            return Settled(AnswerState.GIVEN_UP, problem, now, 0, content)
        state = AnswerState.PARTIAL if content else AnswerState.AWAY
        return Settled(state, problem, 0, now + pauses[question.attempts], content)


def _content(collected: Collected) -> pb.RegistryAnswer:
    return pb.RegistryAnswer(
        records=collected.records.values(), reply_number=collected.reply_number, as_of=collected.as_of
    )
