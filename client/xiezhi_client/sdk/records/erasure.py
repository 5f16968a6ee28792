"""Ordered erasure: what is ordered, what became of a draft, and who has answered."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import ErasureDraftState


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedContent(Record[pb.ErasedContent]):
    """Parts of one event that are to go, such as ``subject/1``; all of them where none is named."""

    event_id: str = ""
    part_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureOrder(Record[pb.ErasureOrder]):
    """What is to be erased: everything of a matter (`whole`), or these parts and documents (SHA-256).

    `with_case`: the sender's node removes the case from its own register, too, where no other matter names it.
    `reason` and `legal_ground` are required and are never erased: personal data does not belong in them.
    """

    instruction_id: str = ""
    whole: bool = False
    contents: tuple[ErasedContent, ...] = ()
    documents: tuple[bytes, ...] = ()
    with_case: bool = False
    reason: str = ""
    legal_ground: str = ""
    drafted_by: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureDraft(Record[pb.ErasureDraft]):
    """A draft of an order and what became of it."""

    draft_id: str = ""
    state: ErasureDraftState = ""
    order: ErasureOrder | None = None
    matter_number: str = ""
    author: str = ""
    drafted_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    opinion: str = ""
    content_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureHolder(Record[pb.ErasureHolder]):
    """One of those who held the matter: a court's node, or the `hub`; `answered_at` is None until it has answered."""

    court: str = ""
    hub: bool = False
    answered_at: datetime | None = None
    parts: int = 0
    documents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure(Record[pb.Erasure]):
    """An order in the log; `done` when all `holders` have answered, those that have not stand first."""

    order_id: str = ""
    order: ErasureOrder | None = None
    matter_number: str = ""
    ordered_at: datetime | None = None
    log_index: int = 0
    holders: tuple[ErasureHolder, ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasurePage(Record[pb.ListErasuresResponse]):
    """One page of orders; `next_page_token` is empty at the end."""

    erasures: tuple[Erasure, ...] = ()
    next_page_token: str = ""
