"""Rows of what registries were asked to do. Functions for the journal's `read` and `write`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select, update

from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi_desk.access import Access, record_access
from xiezhi_domain.errors import Conflict, Reason
from xiezhi_domain.terms import ControlAction
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows

_act = tables.registry_act.c
_SEIZURES: Final = frozenset({ControlAction.SEAL, ControlAction.SEAL_IN_ADVANCE})


class ActState(StrEnum):
    """Whether a registry has answered a request to act."""

    ASKED = "ASKED"
    DONE = "DONE"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class StoredAct:
    """One act: what was asked of which connector, by whom, and what it answered. Times are ms since 1970."""

    request_number: str
    instruction: str
    item: int
    action: ControlAction
    connector: str
    account: str
    name: str
    asked_at: int
    request: connector_pb.RegistryConnectorControlRequest
    response: connector_pb.RegistryConnectorControlResponse
    state: ActState = ActState.ASKED
    event_id: str = ""


def begin(connection: Connection, wanted: StoredAct, *, as_ordered: bool = False) -> StoredAct:
    """Return the act to ask for: the one that was asked for before and not refused, else a new one.

    A registry acts once for an item: what was done stays done, what was not answered is asked again with its number.
    Only the state of a register can be asked again and again. *as_ordered*: nobody has said which of the acts that the
    item allows is meant.

    :raises Conflict: REQUEST_ID_REUSED, another content was asked for before, and stands.
    """
    access = Access(
        wanted.asked_at, wanted.account, "ControlItem", wanted.instruction, wanted.action.zh, True
    )
    record_access(connection, access)
    before = find_last(connection, wanted.instruction, wanted.item, wanted.action)
    if before is not None and _stands(before):
        _require_same(before, wanted, as_ordered=as_ordered)
        return before
    of_item = _act.instruction == wanted.instruction, _act.item == wanted.item
    count = connection.scalar(select(func.count()).select_from(tables.registry_act).where(*of_item)) or 0
    number = f"{wanted.instruction}/{wanted.item}/{count + 1}"
    wanted.request.request_number = number
    row = (
        *(number, wanted.instruction, wanted.item, str(wanted.action), wanted.connector),
        *(wanted.account, wanted.name, wanted.asked_at, wanted.request.SerializeToString()),
        *(b"", str(ActState.ASKED), 0, ""),
    )
    insert_rows(connection, tables.registry_act, [row])
    stored = get_act(connection, number)
    assert stored is not None, "it was just stored"
    return stored


def _stands(act: StoredAct) -> bool:
    if act.state is ActState.DONE:
        return act.action is not ControlAction.QUERY
    return act.state is ActState.ASKED


def _require_same(before: StoredAct, wanted: StoredAct, *, as_ordered: bool) -> None:
    """Let pass a wish for what was asked for before, whoever has it now."""
    if _content(before, as_ordered=as_ordered) == _content(wanted, as_ordered=as_ordered):
        return
    asked, now = before.action.zh, wanted.action.zh
    region = f"（区域 {before.request.region}）" if before.request.region != wanted.request.region else ""
    ended = "已经办结" if before.state is ActState.DONE else "尚未得到答复，请以相同内容再按一次"
    raise Conflict(
        Reason.REQUEST_ID_REUSED,
        f"该办理项已向登记机构提交“{asked}”{region}，{ended}；不能再以其他内容提交“{now}”，确需变更的请委托法院另行委托",
    )


def _content(act: StoredAct, *, as_ordered: bool) -> bytes:
    """Return what the registry is asked to do, without who asks, when, and under which number."""
    content = connector_pb.RegistryConnectorControlRequest()
    content.CopyFrom(act.request)
    content.ClearField("request_number")
    content.ClearField("authority")
    if as_ordered:
        content.ClearField("action")
    return content.SerializeToString(deterministic=True)


def find_last(connection: Connection, instruction: str, item: int, action: ControlAction) -> StoredAct | None:
    """Return the last act of this kind on an item; a seizure in advance is one as well."""
    same = sorted(_SEIZURES if action in _SEIZURES else {action})
    row = connection.execute(
        select(tables.registry_act)
        .where(_act.instruction == instruction, _act.item == item, _act.action.in_(same))
        .order_by(_act.asked_at.desc(), func.length(_act.request_number).desc(), _act.request_number.desc())
        .limit(1)
    ).one_or_none()
    return _stored(row) if row is not None else None


def get_act(connection: Connection, request_number: str) -> StoredAct | None:
    """Return the act that a registry knows by this number; None for a number that is not ours."""
    query = select(tables.registry_act).where(_act.request_number == request_number)
    row = connection.execute(query).one_or_none()
    return _stored(row) if row is not None else None


def note_answer(
    connection: Connection,
    request_number: str,
    response: connector_pb.RegistryConnectorControlResponse,
    now: int,
) -> None:
    """Store what the registry answered; the first answer stays."""
    state = ActState.DONE if response.done else ActState.REFUSED
    connection.execute(
        update(tables.registry_act)
        .where(_act.request_number == request_number, _act.state == str(ActState.ASKED))
        .values(state=str(state), response=response.SerializeToString(), answered_at=now)
    )


def note_reported(connection: Connection, request_number: str, event_id: str) -> None:
    """Note which event has reported an act."""
    change = update(tables.registry_act).where(_act.request_number == request_number)
    connection.execute(change.values(event_id=event_id))


def _stored(row: Row[Any]) -> StoredAct:
    return StoredAct(
        row.request_number,
        row.instruction,
        row.item,
        ControlAction(row.action),
        row.connector,
        row.account,
        row.name,
        row.asked_at,
        connector_pb.RegistryConnectorControlRequest.FromString(row.request),
        connector_pb.RegistryConnectorControlResponse.FromString(row.response),
        ActState(row.state),
        row.event_id,
    )
