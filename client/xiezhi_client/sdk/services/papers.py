"""Papers: what is missing, letters made at the node, their templates, seals."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from xiezhi.v1 import document_pb2
from xiezhi.v1 import paper_service_pb2 as pb
from xiezhi.v1.paper_service_pb2_grpc import PaperServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.paper import (
    LetterForm,
    MadeLetter,
    MadeRow,
    MissingPapers,
    PaperTemplate,
    SealCheck,
    TemplateInUse,
    TemplateSample,
)
from xiezhi_client.sdk.vocabulary import LetterFormat, PaperType, TemplateFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterOrder:
    """A letter to be made: about a matter (`instruction_id`) or a case (`case_number`, and to which debtor).

    `entries` are the fields that the node cannot know; a list of rows has one row per line. PDF if no `formats`.
    """

    paper_type: PaperType
    instruction_id: str = ""
    case_number: str = ""
    subject_number: int = 0
    entries: Mapping[str, str] = field(default_factory=dict)
    formats: Sequence[LetterFormat] = ()

    def to_proto(self) -> pb.LetterOrder:
        """Give the message. Raise `ValueError` for a name unknown."""
        return pb.LetterOrder(
            paper_type=_paper(self.paper_type),
            instruction_id=self.instruction_id,
            case_number=self.case_number,
            subject_number=self.subject_number,
            entries=dict(self.entries),
            formats=[pb.LetterFormat.Value(f"LETTER_FORMAT_{each}") for each in self.formats],
        )


class Papers:
    """`PaperService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = PaperServiceStub(calls.channel)

    async def missing(self, instruction_id: str) -> MissingPapers:
        """Give what a matter lacks, with the receiving court's own additions. Raise `NotFound`."""
        request = pb.ListMissingPapersRequest(instruction_id=instruction_id)
        return MissingPapers.from_proto(await self._calls.unary(self._stub.ListMissingPapers, request))

    async def letters(self) -> tuple[LetterForm, ...]:
        """Give the letters that can be made, each with its fields."""
        answer = await self._calls.unary(self._stub.ListLetters, pb.ListLettersRequest())
        return tuple(map(LetterForm.from_proto, answer.letters))

    async def make(
        self, letter: LetterOrder, *, purpose: str = "", request_id: str = ""
    ) -> tuple[MadeLetter, ...]:
        """Make a letter, in one form or several; recorded as a look at personal data.

        Raise `InvalidInput` with the fields that are missing or unknown, `NotFound`, `NotAllowed`.
        """
        request = pb.MakeLetterRequest(
            request_id=request_id or new_request_id(), letter=letter.to_proto(), purpose=purpose
        )
        answer = await self._calls.unary(self._stub.MakeLetter, request)
        return tuple(map(MadeLetter.from_proto, answer.made))

    async def make_many(
        self, letters: Mapping[str, LetterOrder], *, purpose: str = "", request_id: str = ""
    ) -> AsyncIterator[MadeRow]:
        """Make letters by their rows, at most 500; give each as soon as it is made, or why it is not.

        With the same request id a broken batch can be asked for again. Raise `InvalidInput`.
        """
        request = pb.MakeLettersRequest(
            request_id=request_id or new_request_id(),
            rows=[pb.LetterRow(row=row, letter=letter.to_proto()) for row, letter in letters.items()],
            purpose=purpose,
        )
        async for answer in self._calls.stream(self._stub.MakeLetters, request):
            yield MadeRow.from_proto(answer)

    async def put_template(
        self, paper_type: PaperType, template: TemplateFormat, content: bytes, *, request_id: str = ""
    ) -> PaperTemplate:
        """Put a template of the court; without content, go back to the shipped one.

        Raise `InvalidInput`, which names a field that the letter does not have, `NotAllowed`.
        """
        request = pb.PutTemplateRequest(
            request_id=request_id or new_request_id(),
            paper_type=_paper(paper_type),
            format=_template(template),
            content=content,
        )
        answer = await self._calls.unary(self._stub.PutTemplate, request)
        return PaperTemplate.from_proto(answer.template)

    async def preview_template(
        self, paper_type: PaperType, template: TemplateFormat, content: bytes = b""
    ) -> TemplateSample:
        """Give a sample letter made with a template, which is not kept; without content with the one in use.

        Raise `InvalidInput`, which names a field that the letter does not have.
        """
        request = pb.PreviewTemplateRequest(
            paper_type=_paper(paper_type), format=_template(template), content=content
        )
        return TemplateSample.from_proto(await self._calls.unary(self._stub.PreviewTemplate, request))

    async def template(self, paper_type: PaperType, template: TemplateFormat) -> TemplateInUse:
        """Give the template in use."""
        request = pb.GetTemplateRequest(paper_type=_paper(paper_type), format=_template(template))
        return TemplateInUse.from_proto(await self._calls.unary(self._stub.GetTemplate, request))

    async def templates(self) -> tuple[PaperTemplate, ...]:
        """Give the court's own templates."""
        answer = await self._calls.unary(self._stub.ListTemplates, pb.ListTemplatesRequest())
        return tuple(map(PaperTemplate.from_proto, answer.templates))

    async def seal(self, instruction_id: str, sha256: str, *, request_id: str = "") -> Document:
        """Affix the court's seal to a PDF of a matter (hash in hex); give the sealed document.

        Raise `WrongState` (no PDF, no seal configured), `NotFound`, `NotAllowed`.
        """
        request = pb.SealDocumentRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            sha256=bytes.fromhex(sha256),
        )
        answer = await self._calls.unary(self._stub.SealDocument, request)
        return Document.from_proto(answer.document)

    async def check_seal(self, instruction_id: str, sha256: str) -> SealCheck:
        """Check the seals of a document (hash in hex) as of now. Raise `NotFound`, `NotAllowed`."""
        request = pb.CheckSealRequest(instruction_id=instruction_id, sha256=bytes.fromhex(sha256))
        return SealCheck.from_proto(await self._calls.unary(self._stub.CheckSeal, request))


def _paper(name: PaperType) -> document_pb2.PaperType.ValueType:
    return document_pb2.PaperType.Value(f"PAPER_TYPE_{name or 'UNSPECIFIED'}")


def _template(name: TemplateFormat) -> pb.TemplateFormat.ValueType:
    return pb.TemplateFormat.Value(f"TEMPLATE_FORMAT_{name or 'UNSPECIFIED'}")
