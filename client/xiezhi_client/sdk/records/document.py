"""Documents."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import document_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import PaperType, SealState


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Record[document_pb2.Document]):
    """A document: addressed by its SHA-256 (hex), `size` in bytes; `seal_state` is what the node saw on arrival."""

    sha256: str = ""
    name: str = ""
    media_type: str = ""
    size: int = 0
    paper_type: PaperType = ""
    stored_at: datetime | None = None
    seal_state: SealState = ""
    pages: int = 0
