"""The papers of the fake node: letters are their own words, seals are always good."""

# The methods of a servicer have the names of the contract.
# ruff: noqa: N802

import hashlib
from collections.abc import AsyncIterator
from typing import Any

from tests.integration.client.fake_node import stream_faults
from tests.integration.client.fake_services import Service, unary

from xiezhi.v1 import document_pb2, item_pb2
from xiezhi.v1 import paper_service_pb2 as pb
from xiezhi.v1 import paper_service_pb2_grpc as papers_grpc
from xiezhi_domain.errors import DomainError, InvalidInput, NotFound, Reason

STOP = document_pb2.PAPER_TYPE_STOP_LETTER
NOTICE = document_pb2.PAPER_TYPE_PERFORMANCE_NOTICE
SHIPPED = b'paragraphs = ["shipped"]'


class Papers(Service, papers_grpc.PaperServiceServicer):
    @property
    def own(self) -> dict[tuple[int, int], bytes]:
        return self.node.__dict__.setdefault("templates", {})

    @unary
    def ListMissingPapers(self, request: Any) -> Any:
        self.node.matter(request.instruction_id)
        letter = {"paper_type": document_pb2.PAPER_TYPE_ENTRUSTMENT_LETTER, "reason": "法发〔2017〕27号"}
        extra = {"paper_type": document_pb2.PAPER_TYPE_WORK_CARD, "reason": "本院要求"}
        return pb.ListMissingPapersResponse(
            acts=[{"missing": [letter]}, {"act": item_pb2.ACT_LOCATE_PERSON}], receiver_additions=[extra]
        )

    @unary
    def ListLetters(self, _request: Any) -> Any:
        reason = {"name": "reason", "label": "停止事由", "entered": True, "required": True}
        return pb.ListLettersResponse(
            letters=[{"paper_type": STOP, "fields": [reason]}, {"paper_type": NOTICE, "about_case": True}]
        )

    @unary
    def MakeLetter(self, request: Any) -> Any:
        return pb.MakeLetterResponse(made=self._made(request.letter))

    async def MakeLetters(self, request: Any, context: Any) -> AsyncIterator[Any]:
        self.node.calls["MakeLetters"].append(request)
        async for answer in stream_faults(self.node, "MakeLetters", context, self._rows(request)):
            yield answer

    async def _rows(self, request: Any) -> AsyncIterator[Any]:
        for done, row in enumerate(request.rows, 1):
            answer = pb.MakeLettersResponse(row=row.row, done=done, total=len(request.rows))
            try:
                answer.made.extend(self._made(row.letter))
            except DomainError as error:
                answer.reason, answer.message = error.reason, error.message
            yield answer

    def _made(self, letter: Any) -> list[pb.MadeLetter]:
        if letter.paper_type == STOP and not letter.entries["reason"]:
            raise InvalidInput.in_field("letter.entries.reason", "请填写停止事由")
        content = letter.SerializeToString(deterministic=True)
        made = []
        for form in letter.formats or [pb.LETTER_FORMAT_PDF]:
            suffix = pb.LetterFormat.Name(form).rpartition("_")[2].lower()
            if letter.case_number:
                made.append(pb.MadeLetter(format=form, name=f"执行通知书.{suffix}", content=content))
            else:
                self.node.matter(letter.instruction_id)
                document = {"sha256": hashlib.sha256(content).digest(), "name": f"停止办理函.{suffix}"}
                made.append(pb.MadeLetter(format=form, name=f"停止办理函.{suffix}", document=document))
        return made

    @unary
    def PutTemplate(self, request: Any) -> Any:
        if b"colour" in request.content:
            raise InvalidInput.in_field("content", "模板中有未知字段：colour")
        self.own[request.paper_type, request.format] = request.content
        return pb.PutTemplateResponse(template=self._template(request.paper_type, request.format))

    @unary
    def GetTemplate(self, request: Any) -> Any:
        content = self.own.get((request.paper_type, request.format)) or SHIPPED
        template = self._template(request.paper_type, request.format)
        return pb.GetTemplateResponse(template=template, content=content)

    @unary
    def ListTemplates(self, _request: Any) -> Any:
        return pb.ListTemplatesResponse(
            templates=[self._template(*key) for key, content in self.own.items() if content]
        )

    def _template(self, paper_type: Any, form: Any) -> pb.PaperTemplate:
        own = bool(self.own.get((paper_type, form)))
        return pb.PaperTemplate(paper_type=paper_type, format=form, own=own, put_by="张法官" if own else "")

    @unary
    def SealDocument(self, request: Any) -> Any:
        document = {
            "sha256": request.sha256[::-1],
            "name": "委托函（已签章）.pdf",
            "seal_state": document_pb2.SEAL_STATE_VALID,
        }
        return pb.SealDocumentResponse(document=document)

    @unary
    def CheckSeal(self, request: Any) -> Any:
        if not any(request.sha256):
            raise NotFound(Reason.UNKNOWN_DOCUMENT)
        altered = document_pb2.SEAL_STATE_ALTERED
        return pb.CheckSealResponse(state=altered, seals=[{"state": altered, "signer": "测试法院"}])
