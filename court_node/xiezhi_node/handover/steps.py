"""The steps of a handover: which request makes which event, and what only these requests say.

`instructions.remedy_work` checks a request by this table; facts that are fields of the request it reads itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import handover_pb2
from xiezhi_desk.handovers import (
    FIRST_CLAIM_PART,
    SEIZURES_PART,
    SHARES_PART,
    arrival_of,
    handover_events,
    proceeds_from,
    register_from,
)
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.handover.register import Register, Renewal, can_lift, can_renew
from xiezhi_domain.handover.seizures import is_day
from xiezhi_domain.terms import EventKind, PaperType
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.fields import Fields
from xiezhi_node.handover.stated import check_seizures
from xiezhi_node.instructions.remedies import Asked, Kinds, Remedy

_MOST_SHARES: Final = 500
Parts = Sequence[PartContent]


def _always(kind: EventKind) -> Callable[[Asked], Kinds]:
    return lambda _: (kind,)


# --- Facts that the node works out -----------------------------------------------------------------------------------


def _arrival(connection: Connection, asked: Asked, _fields: Fields) -> JsonObject:
    """Return the proof of arrival: the event and its place in the hub's log.

    :raises WrongState: it has not arrived, as far as the hub knows.
    """
    arrived = arrival_of(handover_events(connection, asked.view.id))
    if arrived is None:
        raise WrongState(Reason.WRONG_STATE, "商请函尚未到达首封法院，没有到达证明，不能报请")
    return {"arrival": arrived.id, "entry": arrived.log_index}


def _first_end(connection: Connection, asked: Asked, _fields: Fields) -> JsonObject:
    """Return until when the first court's seizure lasts; a handover waits for its renewal where that is near.

    :raises WrongState: no seizure of the first court stands.
    """
    first = _register(connection, asked).first_of(asked.view.receiver, str(to_date(asked.now)))
    if first is None or not first.expires_on:
        raise WrongState(Reason.WRONG_STATE, "登记簿中没有首封法院现有效的查封及其到期日，请先登记")
    return {"expires": first.expires_on}


def _reserve(connection: Connection, asked: Asked, fields: Fields) -> JsonObject:
    """Return what is reserved; the whole of it is released or returned."""
    reserved = proceeds_from(handover_events(connection, asked.view.id)).reserved
    if not reserved:
        fields.add("released_fen", "本次分配没有预留份额")
    elif asked.request.released_fen + asked.request.returned_fen != reserved:
        fields.add("released_fen", f"发放和退回的金额合计应等于预留份额 {reserved} 分")
    return {"reserved": reserved}


# --- What only these requests say ------------------------------------------------------------------------------------


def _seizures(connection: Connection, asked: Asked, fields: Fields) -> Parts:
    """Check the seizures stated, and name their cases in the body."""
    request = asked.request
    check_seizures(fields, "seizures", request.seizures, to_date(asked.now), _register(connection, asked))
    listed = handover_pb2.HandoverSeizureList(seizures=request.seizures)
    return [(SEIZURES_PART, listed.SerializeToString())]


def _new_seizures(connection: Connection, asked: Asked, fields: Fields) -> Parts:
    if not asked.request.seizures:
        fields.add("seizures", "请至少登记一项查封")
    parts = _seizures(connection, asked, fields)
    known = {each.number for each in _register(connection, asked).seizures}
    for at, each in enumerate(asked.request.seizures):
        if each.number in known:
            fields.add(f"seizures[{at}].number", "该序号已登记；续封、解封请另行登记")
    return parts


def _handing_over(connection: Connection, asked: Asked, fields: Fields) -> Parts:
    letter = PAPER_TYPES.to_proto(PaperType.HANDOVER_LETTER)
    if all(document.paper_type != letter for document in asked.documents.values()):
        fields.add("documents", f"请附{PaperType.HANDOVER_LETTER.zh}")
    claim = asked.request.first_claim
    fields.require_text("first_claim.case_number", claim.case_number, "首封案件案号")
    fields.require_text("first_claim.stage", claim.stage, "首封案件所处阶段")
    fields.require_amount("first_claim.amount_fen", claim.amount_fen)
    for name in ("priority", "effective_document", "account"):
        fields.limit_text(f"first_claim.{name}", getattr(claim, name))
    return [*_seizures(connection, asked, fields), (FIRST_CLAIM_PART, claim.SerializeToString())]


def _renewal(connection: Connection, asked: Asked, fields: Fields) -> Parts:
    request = asked.request
    seizure = _register(connection, asked).get(request.seizure)
    if seizure is None:
        fields.add("seizure", "登记簿中没有这一序号的查封")
        return ()
    renewal = Renewal(request.renewed_on, request.expires_on)
    if all(map(is_day, renewal)) and not can_renew(seizure, renewal):
        source = asked.rules.moves[EventKind.SEIZURE_RENEWED].citation.source
        words = "查封到期前办理、且到期日更晚的，才能续封；已经到期的应重新查封"
        fields.add("renewed_on", f"{words}（依据：{source}）")
    return ()


def _lifting(connection: Connection, asked: Asked, fields: Fields) -> Parts:
    request = asked.request
    seizure = _register(connection, asked).get(request.seizure)
    if seizure is None:
        fields.add("seizure", "登记簿中没有这一序号的查封")
    elif is_day(request.lifted_on) and not can_lift(seizure, request.lifted_on):
        fields.add("lifted_on", "该查封在这一天已经失效或者尚未办理")
    return ()


def _shares(connection: Connection, asked: Asked, fields: Fields) -> Parts:
    """Check the shares, and name who has them in the body. That the sums make up the proceeds the ladder judges."""
    request, seen = asked.request, set()
    if len(request.shares) > _MOST_SHARES:
        fields.add("shares", f"最多 {_MOST_SHARES} 项债权")
    for at, share in enumerate(request.shares):
        share.number = share.number or at + 1
        if share.number < 1 or share.number in seen:
            fields.add(f"shares[{at}].number", "债权序号应为从 1 开始的整数，且不能重复")
        seen.add(share.number)
        fields.require_text(f"shares[{at}].claimant", share.claimant, "债权人")
    disposed = proceeds_from(handover_events(connection, asked.view.id)).disposed
    if request.disposed_fen != disposed:
        fields.add("disposed_fen", f"应与已报告的处置价款 {disposed} 分一致")
    return [(SHARES_PART, handover_pb2.ClaimShareList(shares=request.shares).SerializeToString())]


def _register(connection: Connection, asked: Asked) -> Register:
    return register_from(handover_events(connection, asked.view.id))


STEPS: Final[Mapping[str, Remedy]] = {
    "AgreeToHandover": Remedy(_always(EventKind.HANDOVER_AGREED)),
    "RefuseHandover": Remedy(_always(EventKind.HANDOVER_REFUSED), "不同意移送的理由"),
    "ReportToSuperior": Remedy(
        _always(EventKind.HANDOVER_ESCALATED), "商请经过和报请的理由", worked_out=_arrival
    ),
    "HandOverProperty": Remedy(_always(EventKind.HANDED_OVER), detail=_handing_over, worked_out=_first_end),
    "ReportOwnDisposal": Remedy(_always(EventKind.DISPOSED_BY_FIRST_COURT)),
    "StateSeizures": Remedy(_always(EventKind.SEIZURES_STATED), detail=_new_seizures),
    "RenewSeizure": Remedy(_always(EventKind.SEIZURE_RENEWED), detail=_renewal),
    "LiftSeizure": Remedy(_always(EventKind.SEIZURE_LIFTED), detail=_lifting),
    "TellParties": Remedy(_always(EventKind.PARTIES_TOLD), "告知的对象和方式"),
    "ReportRegistryChange": Remedy(_always(EventKind.REGISTRY_CHANGED)),
    "ReportDisposal": Remedy(_always(EventKind.DISPOSAL_REPORTED)),
    "DistributeProceeds": Remedy(_always(EventKind.PROCEEDS_DISTRIBUTED), detail=_shares),
    "ReleaseReserve": Remedy(_always(EventKind.RESERVE_RELEASED), "确认首封债权的文书", worked_out=_reserve),
    "TellFirstCourt": Remedy(_always(EventKind.FIRST_COURT_TOLD), "处置和分配结果"),
}
"""By the contract's method."""
