"""`PaperService`: what is missing, letters, templates, seals."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import paper_service_pb2 as pb
from xiezhi.v1.paper_service_pb2_grpc import PaperServiceServicer
from xiezhi_desk.requests import request_key
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.terms import PaperType
from xiezhi_journal.journal import Journal
from xiezhi_node.papers import templates
from xiezhi_node.papers.batch import make_letters
from xiezhi_node.papers.letters import Asked, Letters
from xiezhi_node.papers.missing import list_missing
from xiezhi_node.papers.sealing import Sealing
from xiezhi_node.papers.templates import Template
from xiezhi_node.papers.trial import TemplateTrial
from xiezhi_node.seat import Seat
from xiezhi_papers.letters.asked import TemplateFormat
from xiezhi_papers.letters.catalogue import LETTERS, is_about_case, letter_of
from xiezhi_papers.letters.fields import fields_of
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_PREFIX: Final = "TEMPLATE_FORMAT_"
_SAMPLE_MEDIA: Final = {
    TemplateFormat.WORDING: "application/pdf",
    TemplateFormat.TYPST: "application/pdf",
    TemplateFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class PaperService(PaperServiceServicer):
    """Serves papers. What each method refuses is said in the contract."""

    def __init__(
        self, journal: Journal, seat: Seat, letters: Letters, trial: TemplateTrial, sealing: Sealing
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._letters = letters
        self._trial = trial
        self._sealing = sealing

    async def ListMissingPapers(
        self, request: pb.ListMissingPapersRequest, _context: _Context
    ) -> pb.ListMissingPapersResponse:
        """Tell what a matter lacks."""
        identifier = check_uuid7(request.instruction_id, "instruction_id")
        query = partial(list_missing, seat=self._seat, caller=current_caller(), instruction=identifier)
        return await self._journal.read(query)

    # --- Letters -----------------------------------------------------------------------------------------------------

    async def ListLetters(
        self, _request: pb.ListLettersRequest, _context: _Context
    ) -> pb.ListLettersResponse:
        """Tell which letters there are."""
        return pb.ListLettersResponse(letters=[_form(paper) for paper in LETTERS])

    async def MakeLetter(self, request: pb.MakeLetterRequest, _context: _Context) -> pb.MakeLetterResponse:
        """Make one letter."""
        caller = current_caller()
        key = request_key(caller, "MakeLetter", request)
        return await self._letters.make(request.letter, Asked(caller, "MakeLetter", request.purpose, key))

    async def MakeLetters(
        self, request: pb.MakeLettersRequest, _context: _Context
    ) -> AsyncIterator[pb.MakeLettersResponse]:
        """Make many letters."""
        async for answer in make_letters(self._letters, request, current_caller()):
            yield answer

    # --- Templates ---------------------------------------------------------------------------------------------------

    async def PutTemplate(self, request: pb.PutTemplateRequest, _context: _Context) -> pb.PutTemplateResponse:
        """Put a template, after a sample was made with it."""
        caller = current_caller()
        key = request_key(caller, "PutTemplate", request)
        paper, form = _paper(request.paper_type), _format(request.format)
        if request.content:
            await self._trial.run(paper, form, request.content)
        own = Template(paper, form, request.content, caller.name, self._journal.clock())

        def work(connection: Connection) -> bytes:
            templates.put_template(connection, own, caller.account_id)
            in_use = templates.get_template(connection, paper, form)
            return pb.PutTemplateResponse(template=_message(in_use)).SerializeToString()

        return pb.PutTemplateResponse.FromString(await self._journal.write_once(key, work))

    async def PreviewTemplate(
        self, request: pb.PreviewTemplateRequest, _context: _Context
    ) -> pb.PreviewTemplateResponse:
        """Give a sample letter."""
        paper, form = _paper(request.paper_type), _format(request.format)
        content = request.content
        if not content:
            in_use = await self._journal.read(partial(templates.get_template, paper=paper, template=form))
            content = in_use.content
        sample = await self._trial.run(paper, form, content, shown=True)
        return pb.PreviewTemplateResponse(content=sample, media_type=_SAMPLE_MEDIA[form])

    async def GetTemplate(self, request: pb.GetTemplateRequest, _context: _Context) -> pb.GetTemplateResponse:
        """Give the template in use."""
        paper, form = _paper(request.paper_type), _format(request.format)
        query = partial(templates.get_template, paper=paper, template=form)
        template = await self._journal.read(query)
        return pb.GetTemplateResponse(template=_message(template), content=template.content)

    async def ListTemplates(
        self, _request: pb.ListTemplatesRequest, _context: _Context
    ) -> pb.ListTemplatesResponse:
        """Tell which templates are the court's own."""
        own = await self._journal.read(templates.list_templates)
        return pb.ListTemplatesResponse(templates=map(_message, own))

    # --- Seals -------------------------------------------------------------------------------------------------------

    async def SealDocument(
        self, request: pb.SealDocumentRequest, _context: _Context
    ) -> pb.SealDocumentResponse:
        """Affix the seal."""
        caller = current_caller()
        return await self._sealing.affix(request, caller, request_key(caller, "SealDocument", request))

    async def CheckSeal(self, request: pb.CheckSealRequest, _context: _Context) -> pb.CheckSealResponse:
        """Check the seals of a document as of now."""
        return await self._sealing.check(request, current_caller())


def _form(paper: PaperType) -> pb.LetterForm:
    record = LETTERS[paper]
    return pb.LetterForm(
        paper_type=PAPER_TYPES.to_proto(paper),
        about_case=is_about_case(record),
        fields=[
            pb.LetterField(
                name=field.name,
                label=field.label,
                entered=field.entered,
                required=field.required,
                rows=field.rows,
            )
            for field in fields_of(record)
        ],
    )


def _paper(number: int) -> PaperType:
    paper = PAPER_TYPES.from_proto(number, "paper_type")
    return letter_of(paper, "paper_type").paper


def _format(number: pb.TemplateFormat.ValueType) -> TemplateFormat:
    try:
        return TemplateFormat(pb.TemplateFormat.Name(number).removeprefix(_PREFIX))
    except ValueError:
        raise InvalidInput.in_field("format", "请选择模板格式") from None


def _message(template: Template) -> pb.PaperTemplate:
    message = pb.PaperTemplate(
        paper_type=PAPER_TYPES.to_proto(template.paper),
        format=pb.TemplateFormat.Value(f"{_PREFIX}{template.format}"),
        own=template.own,
        size=len(template.content),
        sha256=template.sha256,
        put_by=template.put_by,
    )
    if template.own:
        message.put_at.CopyFrom(to_timestamp(template.put_at))
    return message
