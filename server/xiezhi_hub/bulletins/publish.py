"""Publishing a bulletin, in the writer: judged on its row, ruled on and fed as one event."""

import hashlib
import os
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import bulletin_editor_service_pb2 as editor
from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi.v1 import event_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_text
from xiezhi_domain.errors import LimitExceeded, NotAllowed, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.evidence.parts import SALT_BYTES
from xiezhi_domain.indicators.frozen import decode_bulletin
from xiezhi_domain.terms import BulletinState, EventKind
from xiezhi_hub.bulletins.messages import summary_message
from xiezhi_hub.bulletins.published import PART
from xiezhi_hub.bulletins.store import StoredBulletin, get_bulletin, objections_to
from xiezhi_hub.ruling.directory import rule_on_directory_event
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.ledger import Ledger, RequestKey

MOST_BODY_BYTES: Final = 256 * 1024
"""The limit of a body (protocol §1)."""


@dataclass(frozen=True, slots=True)
class PublishBulletin:
    """Work for the writer: publish the draft *bulletin_id* for the account *publisher*. Answers with its summary."""

    key: RequestKey
    bulletin_id: str
    publisher: str
    seat: Seat

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was done before."""
        ledger.want_request(self.key)

    def run(self, ledger: Ledger) -> bytes:
        """Publish it.

        :raises NotFound: UNKNOWN_BULLETIN.
        :raises NotAllowed: SAME_PERSON; who drew a draft up does not publish it.
        :raises WrongState: it is no draft any more, may still be objected to, or an objection stands.
        :raises LimitExceeded: TOO_LARGE.
        """
        answered = ledger.answered(self.key)
        if answered is not None:
            return answered
        draft = get_bulletin(ledger.connection, self.bulletin_id)
        self._check(ledger.connection, draft, ledger.now)
        body = _body(draft)
        if body.ByteSize() > MOST_BODY_BYTES:
            raise LimitExceeded(Reason.TOO_LARGE, "通报内容过大，请缩短统计期间或减少法院后重新起草")
        with ledger.connection.begin_nested():
            facts = _facts(draft)
            event = own_directory_event(ledger, self.seat, EventKind.BULLETIN_PUBLISHED, facts, body)
            ruling = rule_on_directory_event(ledger, event, self.seat)
            assert ruling.accepted, f"the hub refused its own bulletin: {ruling.reason}"
            published = get_bulletin(ledger.connection, self.bulletin_id)
        answer = editor.PublishBulletinResponse(bulletin=summary_message(published, self.seat.court))
        ledger.remember(self.key, answer.SerializeToString())
        return answer.SerializeToString()

    def _check(self, connection: Connection, draft: StoredBulletin, now: int) -> None:
        require_draft(draft)
        if draft.drawn_up_by == self.publisher:
            raise NotAllowed(Reason.SAME_PERSON, "通报应由起草人以外的人员发布")
        if now <= draft.objections_until:
            until = to_text(draft.objections_until)
            raise WrongState(Reason.WRONG_STATE, f"数据异议期至 {until}，期满后才能发布")
        objections = objections_to(connection, draft.bulletin_id)
        if any(not objection.answered_at for objection in objections):
            raise WrongState(Reason.WRONG_STATE, "尚有数据异议没有答复，请先答复")
        if any(objection.upheld for objection in objections):
            raise WrongState(Reason.WRONG_STATE, "有数据异议成立，请更正事项数据后重新起草")


def require_draft(row: StoredBulletin) -> None:
    """Let pass what is still a draft.

    :raises WrongState: it is published or discarded.
    """
    if row.state is not BulletinState.DRAFT:
        raise WrongState(Reason.WRONG_STATE, f"该通报{row.state.zh}，不能进行此操作")


def _facts(draft: StoredBulletin) -> JsonObject:
    return {
        "bulletin": draft.bulletin_id,
        "hash": hashlib.sha256(draft.content).hexdigest(),
        "first": draft.first_day,
        "last": draft.last_day,
        "log_size": draft.log_size,
        "edition": decode_bulletin(draft.content).edition,
    }


def _body(draft: StoredBulletin) -> event_pb2.Body:
    published = pb.PublishedBulletin(
        content=draft.content,
        drawn_up_at=to_timestamp(draft.drawn_up_at),
        objections_until=to_timestamp(draft.objections_until),
    )
    part = event_pb2.BodyPart(name=PART, salt=os.urandom(SALT_BYTES), content=published.SerializeToString())
    return event_pb2.Body(parts=[part])
