"""Papers: what is missing, letters, their templates, seals."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import paper_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.find import MissingPaper
from xiezhi_client.sdk.vocabulary import Act, LetterFormat, PaperType, SealState, TemplateFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPapers(Record[paper_service_pb2.ActPapers]):
    """What one act still needs; `act` is empty for what every matter of the kind needs."""

    act: Act = ""
    missing: tuple[MissingPaper, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPapers(Record[paper_service_pb2.ListMissingPapersResponse]):
    """What a matter lacks, act by act, and what the receiving court wants beside."""

    acts: tuple[ActPapers, ...] = ()
    receiver_additions: tuple[MissingPaper, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterField(Record[paper_service_pb2.LetterField]):
    """A field of a letter: its name in templates and entries, and its Chinese label."""

    name: str = ""
    label: str = ""
    entered: bool = False
    required: bool = False
    rows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterForm(Record[paper_service_pb2.LetterForm]):
    """A letter that can be made, about a matter or about a case."""

    paper_type: PaperType = ""
    about_case: bool = False
    fields: tuple[LetterField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLetter(Record[paper_service_pb2.MadeLetter]):
    """A letter in one form: a `document` of its matter, or for a case the `content` itself."""

    format: LetterFormat = ""
    name: str = ""
    document: Document | None = None
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRow(Record[paper_service_pb2.MakeLettersResponse]):
    """What became of one row of a batch, and how far the batch is."""

    row: str = ""
    made: tuple[MadeLetter, ...] = ()
    reason: str = ""
    message: str = ""
    field: str = ""
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTemplate(Record[paper_service_pb2.PaperTemplate]):
    """A template: the court's own, or the shipped one."""

    paper_type: PaperType = ""
    format: TemplateFormat = ""
    own: bool = False
    size: int = 0
    sha256: str = ""
    put_by: str = ""
    put_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateInUse(Record[paper_service_pb2.GetTemplateResponse]):
    """The template in use with its content."""

    template: PaperTemplate | None = None
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal(Record[paper_service_pb2.Seal]):
    """One seal of a document; `claimed_at` is what the seal says itself."""

    state: SealState = ""
    signer: str = ""
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealCheck(Record[paper_service_pb2.CheckSealResponse]):
    """What a check has shown: the document is as good as its worst seal."""

    state: SealState = ""
    seals: tuple[Seal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSample(Record[paper_service_pb2.PreviewTemplateResponse]):
    """A sample letter made with a template, and its media type."""

    content: bytes = b""
    media_type: str = ""
