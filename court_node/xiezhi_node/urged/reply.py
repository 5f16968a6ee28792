"""Signing a reply off (审签) and sending it up; never by who wrote it."""

from dataclasses import dataclass

from xiezhi.v1 import event_pb2, urge_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Conflict, NotAllowed, Reason
from xiezhi_domain.terms import EventKind
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_node.acting.act import Act, MoveTaken, Person
from xiezhi_node.seat import Seat
from xiezhi_node.urged.store import StoredReply, drop_reply, get_waiting


@dataclass(frozen=True, slots=True)
class SendReply:
    """Work for the writer: the waiting reply becomes an event; answers with an `ActionReceipt`, serialised."""

    seat: Seat
    request: RequestKey
    person: Person
    instruction: str
    opinion: str
    seen: str
    base_event_id: str = ""

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter and whether the request was answered before."""
        ledger.want_matter(self.instruction)
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Send it.

        :raises NotFound: no reply waits.
        :raises NotAllowed: SAME_PERSON, or not the role.
        :raises Conflict: STALE_BASE; it was written anew since it was read.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        waiting = get_waiting(ledger.connection, self.instruction)
        if waiting.author == self.person.account_id:
            raise NotAllowed(Reason.SAME_PERSON)
        if waiting.content_hash != self.seen:
            raise Conflict(Reason.STALE_BASE, "该回复已被拟写人修改，请刷新并重新审阅后再审签")
        move = self._move(ledger.now, waiting)
        act = Act(self.seat, self.request, self.person, self.instruction, [move], self.base_event_id)
        answer = act.run(ledger)
        with ledger.connection.begin_nested():
            drop_reply(ledger.connection, self.instruction)
        return answer

    def _move(self, now: int, waiting: StoredReply) -> MoveTaken:
        reply = urge_pb2.UrgeReply.FromString(waiting.content)
        approval = event_pb2.ApprovalRecord(
            drafted_by=reply.drafted_by,
            drafted_at=reply.drafted_at,
            approved_by=self.person.actor,
            approved_at=to_timestamp(now),
            opinion=self.opinion,
        )
        parts = [
            ("prose", event_pb2.Prose(text=reply.text).SerializeToString()),
            ("reply", waiting.content),
            ("approval", approval.SerializeToString()),
        ]
        hashes = [document.sha256 for document in reply.documents]
        return MoveTaken(EventKind.SUPERVISION_REPLIED, parts=parts, documents=hashes)
