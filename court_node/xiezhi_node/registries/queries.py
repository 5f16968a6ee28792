"""A query from its click to its report: who asks about whom is on record before any registry hears of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from secrets import token_bytes
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import query_service_pb2 as pb
from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.once import stored_answer
from xiezhi_desk.terms import ANSWER_STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.registries import AskedAbout, Category
from xiezhi_domain.terms import AnswerState
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import RequestKey
from xiezhi_link.signal import Signal
from xiezhi_node.registries import store
from xiezhi_node.registries.asking import MARGIN_MS, Asking
from xiezhi_node.registries.settings import RegistrySettings
from xiezhi_node.registries.standing import holder_of, read_standing
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

LOOK_EVERY_S: Final = 2.0
_ASKED: Final = ANSWER_STATES.to_proto(AnswerState.ASKED)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query that may be asked, and its questions as `store.add_query` takes them."""

    query: pb.RegistryQuery
    request: connector_pb.RegistryConnectorQueryRequest
    asked: Sequence[tuple[str, str, int]]


class Queries:
    """Makes queries and follows them."""

    def __init__(
        self, journal: Journal, seat: Seat, settings: RegistrySettings, asking: Asking, commits: Signal
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._settings = settings
        self._asking = asking
        self._commits = commits

    async def make(self, caller: Caller, key: RequestKey, request: pb.RunQueryRequest) -> str:
        """Return the id of the query of a click, asked by now; the same click makes one query.

        :raises DomainError: as `RunQuery` says; then nobody was asked.
        """
        answered = await self._journal.read(partial(stored_answer, key=key))
        if answered is None:
            prepare = partial(self._prepare, caller=caller, request=request)
            prepared = await self._journal.read(prepare)
            answered = await self._journal.write_once(key, partial(_keep, prepared=prepared))
        query_id = answered.decode()
        await self._asking.ask_first(query_id)
        return query_id

    async def follow(self, query_id: str) -> AsyncIterator[pb.RunQueryResponse]:
        """Give the query, then each category once it is answered or put off; ends when none is being asked."""
        with self._commits.subscribe() as wake:
            query = await self.read(query_id)
            told = {answer.category for answer in query.answers if answer.state != _ASKED}
            yield pb.RunQueryResponse(query=query)
            while len(told) < len(query.answers):
                await wake.wait(LOOK_EVERY_S)
                for answer in (await self.read(query_id)).answers:
                    if answer.state != _ASKED and answer.category not in told:
                        told.add(answer.category)
                        yield pb.RunQueryResponse(answer=answer)

    async def read(self, query_id: str) -> pb.RegistryQuery:
        """Return a query with its records and the names of its categories.

        :raises NotFound: UNKNOWN_QUERY.
        """
        query = await self._journal.read(partial(store.get_query, query_id=query_id, with_records=True))
        store.name_answers(query, self._settings.categories)
        return query

    def _prepare(self, connection: Connection, caller: Caller, request: pb.RunQueryRequest) -> Prepared:
        now = self._journal.clock()
        standing = read_standing(connection, self._seat, caller, request.instruction_id)
        item = standing.item(request.item_number)
        subject = standing.obligor(request.subject_number or item.subject_number, "subject_number")
        region = request.region or self._settings.region
        about = AskedAbout.ORGANISATION if subject.HasField("organisation") else AskedAbout.PERSON
        categories = self._categories(request.categories, about)
        query = pb.RegistryQuery(
            query_id=uuid7(now, token_bytes(10)),
            instruction_id=standing.instruction,
            item_number=item.number,
            case_number=standing.case.case_number,
            subject_number=subject.number,
            subject_name=subject.person.name or subject.organisation.name,
            region=region,
            purpose=check_purpose(request.purpose),
            account_id=caller.account_id,
            account_name=caller.name,
            asked_at=to_timestamp(now),
        )
        asked = connector_pb.RegistryConnectorQueryRequest(
            region=region,
            subject=holder_of(subject),
            authority=standing.authority(item.number, subject.role, now),
        )
        return Prepared(query, asked, [self._question(each, region, now) for each in categories])

    def _categories(self, codes: Sequence[str], about: AskedAbout) -> list[Category]:
        """Return the categories asked, those that are not about such an obligor left out.

        :raises InvalidInput: one is unknown, or none is left.
        """
        known = self._settings.categories
        if unknown := [code for code in codes if code not in known]:
            raise InvalidInput.in_field("categories", f"没有这些查询类别：{'、'.join(unknown)}")
        wanted = [known[code] for code in dict.fromkeys(codes)] if codes else list(known.values())
        fitting = [category for category in wanted if about in category.asked_about]
        if not fitting:
            raise InvalidInput.in_field("categories", "所选类别不适用于该对象")
        return fitting

    def _question(self, category: Category, region: str, now: int) -> tuple[str, str, int]:
        connector = self._settings.connector_for(category.code, region)
        lease = now + int(category.timeout_s * 1000) + MARGIN_MS if connector else 0
        return category.code, connector, lease


def _keep(connection: Connection, prepared: Prepared) -> bytes:
    """Store a query and the look that it is; returns its id."""
    query = prepared.query
    store.add_query(connection, query, prepared.request, prepared.asked)
    looked = Access(
        query.asked_at.ToMilliseconds(),
        query.account_id,
        "RunQuery",
        query.instruction_id,
        query.purpose,
        True,
    )
    record_access(connection, looked)
    return query.query_id.encode()


def require_answers(answers: Sequence[pb.RegistryAnswer]) -> None:
    """Let pass what can be reported.

    :raises WrongState: WRONG_STATE, there is nothing.
    """
    if not answers:
        raise WrongState(Reason.WRONG_STATE, "没有可以填报的查询结果：尚未返回，或者已经填报")
