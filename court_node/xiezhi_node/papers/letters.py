"""Making letters, and keeping those about a matter as its documents."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import document_pb2, instruction_pb2
from xiezhi.v1 import paper_service_pb2 as pb
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.documents.document import DocumentSpec
from xiezhi_desk.documents.documents import CHUNK_BYTES, Documents
from xiezhi_desk.documents.service import document_message
from xiezhi_desk.once import stored_answer
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.errors import InvalidInput, LimitExceeded, NotAllowed, Reason
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.terms import Role
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import RequestKey
from xiezhi_node.cases.checks import normal_case_number
from xiezhi_node.cases.holding import case_and_right
from xiezhi_node.confidentiality import may_unmask
from xiezhi_node.instructions.matters import Reader, read_matter
from xiezhi_node.papers.case_facts import case_facts
from xiezhi_node.papers.filling import fill
from xiezhi_node.papers.kind_facts import kind_facts
from xiezhi_node.papers.matter_facts import Facts, matter_facts
from xiezhi_node.papers.templates import own_templates
from xiezhi_node.seat import Seat
from xiezhi_papers.jobs import MAKE_LETTER
from xiezhi_papers.letters.asked import LetterFormat, LetterJob, pack
from xiezhi_papers.letters.catalogue import is_about_case, letter_of
from xiezhi_papers.letters.records import Letter
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.caller import Caller

_CENTRE: Final = frozenset({Role.CENTRE_DIRECTOR, Role.CENTRE_OFFICER})
_NOT_IN_NAMES: Final = re.compile(r'[/\\:*?"<>|\x00-\x1f]')
_PREFIX: Final = "LETTER_FORMAT_"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a letter, by which method, why, and under which key of idempotency."""

    caller: Caller
    method: str
    purpose: str
    key: RequestKey


class Letters:
    """Makes letters in helper processes."""

    def __init__(
        self,
        journal: Journal,
        seat: Seat,
        documents: Documents,
        workshop: Workshop,
        font_directory: Path | None,
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._documents = documents
        self._workshop = workshop
        self._font_directory = str(font_directory or "")

    async def make(self, order: pb.LetterOrder, asked: Asked) -> pb.MakeLetterResponse:
        """Return the letter in the forms wanted.

        :raises InvalidInput: a field is wrong, unknown or missing; a template of the court does not fit.
        :raises NotFound: UNKNOWN_INSTRUCTION; UNKNOWN_CASE.
        :raises NotAllowed: FORBIDDEN; the caller does not work on it.
        :raises Unavailable: it could not be made now.
        """
        record = letter_of(PAPER_TYPES.from_proto(order.paper_type, "letter.paper_type"), "letter.paper_type")
        formats = _formats(order)
        if is_about_case(record):
            letter = await self._about_case(record, order, asked)
            contents = await self._made(letter, formats)
            return pb.MakeLetterResponse(
                made=[
                    pb.MadeLetter(
                        format=_number(form), name=_name(letter, form, letter.addressee), content=content
                    )
                    for form, content in zip(formats, contents, strict=True)
                ]
            )
        answered = await self._journal.read(partial(stored_answer, key=asked.key))
        if answered is not None:
            return pb.MakeLetterResponse.FromString(answered)
        letter = await self._about_matter(record, order, asked)
        contents = await self._made(letter, formats)
        kept = [
            pb.MadeLetter(
                format=_number(form),
                name=_name(letter, form),
                document=await self._keep(order.instruction_id, letter, form, content, asked.caller),
            )
            for form, content in zip(formats, contents, strict=True)
        ]
        answer = pb.MakeLetterResponse(made=kept).SerializeToString()
        return pb.MakeLetterResponse.FromString(await self._journal.write_once(asked.key, lambda _: answer))

    async def _about_matter(self, record: type[Letter], order: pb.LetterOrder, asked: Asked) -> Letter:
        instruction = check_uuid7(order.instruction_id, "letter.instruction_id")
        now = self._journal.clock()

        def read(connection: Connection) -> tuple[instruction_pb2.Instruction, Facts, bool]:
            reader = Reader(self._seat, self._journal.rulebooks, asked.caller, now)
            seen = read_matter(connection, reader, instruction)
            more = kind_facts(connection, reader, seen, record.paper)
            return seen.instruction, more, may_unmask(connection, asked.caller, instruction)

        matter, more, works = await self._journal.read(read)
        if not works:
            raise NotAllowed(Reason.FORBIDDEN, "文书含完整信息，仅限办理该事项的人员制作")
        facts = {**matter_facts(matter, self._seat, now, asked.caller.name), **more}
        letter = fill(record, facts, dict(order.entries))
        await self._record(asked, instruction)
        return letter

    async def _about_case(self, record: type[Letter], order: pb.LetterOrder, asked: Asked) -> Letter:
        number = normal_case_number(order.case_number, "letter.case_number")
        query = partial(case_and_right, caller=asked.caller, case_number=number)
        case, is_own = await self._journal.read(query)
        if not is_own and _CENTRE.isdisjoint(asked.caller.roles):
            raise NotAllowed(Reason.FORBIDDEN, "文书含完整信息，仅限本案的承办人、书记员和指挥中心制作")
        facts: Facts = case_facts(case, order.subject_number, self._seat, self._journal.clock())
        letter = fill(record, facts, dict(order.entries))
        await self._record(asked, number)
        return letter

    async def _record(self, asked: Asked, looked_at: str) -> None:
        """Record the look at personal data before anything is made of it."""
        purpose = check_purpose(asked.purpose)
        access = Access(
            self._journal.clock(), asked.caller.account_id, asked.method, looked_at, purpose, unmasked=True
        )
        await self._journal.write(partial(record_access, access=access))

    async def _made(self, letter: Letter, formats: tuple[LetterFormat, ...]) -> list[bytes]:
        templates = await self._journal.read(partial(own_templates, paper=letter.paper))
        timestamp = self._journal.clock() // 1_000
        job = LetterJob(letter.paper, pack(letter), formats, templates, self._font_directory, timestamp)
        while True:
            try:
                return await self._workshop.run(MAKE_LETTER, job)
            except LimitExceeded as busy:
                # Others upload or print at this moment; a batch waits its turn.
                await asyncio.sleep(busy.retry_after_ms / 1_000)

    async def _keep(
        self, instruction: str, letter: Letter, form: LetterFormat, content: bytes, caller: Caller
    ) -> document_pb2.Document:
        spec = DocumentSpec(
            instruction=instruction,
            sha256=hashlib.sha256(content).digest(),
            size=len(content),
            name=_name(letter, form),
            paper_type=letter.paper,
        )
        return await keep(self._documents, spec, content, caller)


async def keep(
    documents: Documents, spec: DocumentSpec, content: bytes, caller: Caller
) -> document_pb2.Document:
    """Keep bytes made here as a document of a matter, and return it.

    :raises Unavailable: DISK_FULL.
    """
    offset = await documents.received(spec, caller.account_id)
    stored = await documents.store_from(_chunks(content[offset:]), spec, caller.account_id, caller.court)
    return document_message(stored)


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), CHUNK_BYTES):
        yield content[at : at + CHUNK_BYTES]


def _formats(order: pb.LetterOrder) -> tuple[LetterFormat, ...]:
    wanted = list(order.formats) or [pb.LETTER_FORMAT_PDF]
    try:
        names = [pb.LetterFormat.Name(number or pb.LETTER_FORMAT_PDF) for number in wanted]
    except ValueError:
        raise InvalidInput.in_field("letter.formats", "选项无法识别，请升级程序或重新选择") from None
    return tuple(dict.fromkeys(LetterFormat(name.removeprefix(_PREFIX)) for name in names))


def _number(form: LetterFormat) -> pb.LetterFormat.ValueType:
    return pb.LetterFormat.Value(f"{_PREFIX}{form}")


def _name(letter: Letter, form: LetterFormat, whose: str = "") -> str:
    """Return a file name: what the paper is called, and for a party whose it is."""
    of = _NOT_IN_NAMES.sub("", whose)[:60]
    return f"{letter.paper.zh}{f'（{of}）' if of else ''}{form.suffix}"
