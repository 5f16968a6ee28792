"""Orders and drafts as the hub's people see them: who has answered, and who has not."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_hub.confidentiality import Reader
from xiezhi_hub.erasing.drafts import ERASURES, StoredErasure
from xiezhi_hub.urging.drafts import DraftState
from xiezhi_journal import tables
from xiezhi_journal.erasures import HUB, NODE, Erasure, erasure_of
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.deadlines import numbers_of
from xiezhi_journal.reading.paging import token_after

_STATES: Final = {
    DraftState.WAITING: pb.ERASURE_DRAFT_STATE_WAITING,
    DraftState.ISSUED: pb.ERASURE_DRAFT_STATE_ISSUED,
    DraftState.REJECTED: pb.ERASURE_DRAFT_STATE_REJECTED,
    DraftState.DISCARDED: pb.ERASURE_DRAFT_STATE_DISCARDED,
}
_order = tables.erasure.c
_answer = tables.erasure_answer.c


def name_of(connection: Connection, account: str) -> str:
    """Return the name of an account; empty for none."""
    row = tables.account.c
    return connection.scalar(select(row.name).where(row.account_id == account)) or ""


def draft_message(connection: Connection, draft: StoredErasure) -> pb.ErasureDraft:
    """Return a draft for its readers."""
    message = pb.ErasureDraft(
        draft_id=draft.draft_id,
        state=_STATES[draft.state],
        order=draft.order,
        matter_number=numbers_of(connection, [draft.instruction]).get(draft.instruction, ""),
        author=name_of(connection, draft.author),
        drafted_at=to_timestamp(draft.drafted_at),
        decided_by=name_of(connection, draft.decided_by),
        opinion=draft.opinion,
        content_hash=draft.content_hash,
    )
    if draft.decided_at:
        message.decided_at.CopyFrom(to_timestamp(draft.decided_at))
    return message


def drafts_response(
    connection: Connection, reader: Reader, *, waiting_only: bool, limit: int
) -> pb.ListErasureDraftsResponse:
    """Return the first drafts, those that wait first."""
    found = ERASURES.list(connection, reader, waiting_only=waiting_only, limit=limit)
    return pb.ListErasureDraftsResponse(drafts=[draft_message(connection, each) for each in found])


def erasure_page(
    connection: Connection, hub_court: str, page: Page, *, open_only: bool
) -> pb.ListErasuresResponse:
    """Return a page of orders, newest first.

    :raises InvalidInput: a token of another list.
    """
    query = select(tables.erasure).order_by(_order.log_index.desc())
    after = page.after(int)
    if after is not None:
        query = query.where(_order.log_index < after[0])
    response = pb.ListErasuresResponse()
    for row in connection.execute(query):
        message = erasure_message(connection, erasure_of(row), hub_court)
        if open_only and message.done:
            continue
        if len(response.erasures) == page.size:
            response.next_page_token = token_after(response.erasures[-1].log_index)
            break
        response.erasures.append(message)
    return response


def erasure_message(connection: Connection, erasure: Erasure, hub_court: str) -> pb.Erasure:
    """Return an order with everybody who held the matter, those that have not answered first."""
    rows = connection.execute(select(tables.erasure_answer).where(_answer.order_id == erasure.order_id))
    answers = {(row.court, row.holder): row for row in rows}
    holders = [(hub_court, HUB), *((court, NODE) for court in _told(connection, erasure))]
    holders += sorted(answers.keys() - set(holders))
    messages = [_holder(court, holder, answers) for court, holder in holders]
    return pb.Erasure(
        order_id=erasure.order_id,
        order=erasure.order,
        matter_number=numbers_of(connection, [erasure.instruction]).get(erasure.instruction, ""),
        ordered_at=to_timestamp(erasure.ordered_at),
        log_index=erasure.log_index,
        holders=sorted(messages, key=lambda each: each.HasField("answered_at")),
        done=all(each.HasField("answered_at") for each in messages),
    )


def _told(connection: Connection, erasure: Erasure) -> list[str]:
    """Return the courts on whose feeds the matter is and that have joined; of others no node can answer."""
    feed, ruling, event, court = tables.feed.c, tables.ruling.c, tables.event.c, tables.court.c
    query = (
        select(feed.court)
        .select_from(tables.feed)
        .join(tables.ruling, ruling.log_index == feed.log_index)
        .join(tables.event, event.position == ruling.position)
        .join(tables.court, court.code == feed.court)
        .where(event.instruction == erasure.instruction, court.joined_at > 0)
        .distinct()
        .order_by(feed.court)
    )
    return list(connection.scalars(query))


def _holder(court: str, holder: str, answers: Mapping[tuple[str, str], Any]) -> pb.ErasureHolder:
    message = pb.ErasureHolder(court=court, hub=holder == HUB)
    answer = answers.get((court, holder))
    if answer is not None:
        message.parts, message.documents = answer.parts, answer.documents
        message.answered_at.CopyFrom(to_timestamp(answer.at))
    return message
