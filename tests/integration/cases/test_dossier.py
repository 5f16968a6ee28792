"""From a case number to papers in a draft, over a real adapter process."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
from tests.integration.cases.adapter import Adapter
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import CASE, Pair, a_case, an_order, new_id

from xiezhi.v1 import case_service_pb2 as pb
from xiezhi.v1 import document_pb2, find_service_pb2, instruction_pb2
from xiezhi_desk.documents.document import DocumentSpec
from xiezhi_domain.terms import PaperType

LETTER = "委托函-查找.pdf"


async def import_case(pair: Pair, name: str = "judge") -> pb.ImportCaseResponse:
    return await pair.sender.as_(name).cases.ImportCase(
        pb.ImportCaseRequest(case_number="(2026)苏0505执1234号")
    )


def picking(instruction: str, *names: str) -> pb.AttachDossierRequest:
    picks = [pb.DossierPick(document_id=name) for name in names]
    return pb.AttachDossierRequest(instruction_id=instruction, case_number=CASE, picks=picks)


async def test_a_case_is_filled_in_from_its_number(pair: Pair) -> None:
    imported = await import_case(pair)
    assert imported.case_file.case_number == CASE
    assert imported.case_file.subjects[0].person.identity_number == "320500********0016"
    full = pb.GetCaseRequest(case_number=CASE, unmask=True, purpose="核对")
    stored = await pair.sender.as_("judge").cases.GetCase(full)
    assert stored.case_file.subjects[0].person.identity_number == "320500189901010016"
    assert stored.case_file.judge.phone == "0512-00000000"


async def test_ticked_papers_become_documents_of_the_draft(pair: Pair) -> None:
    await import_case(pair)
    judge = pair.sender.as_("judge")
    listed = await judge.cases.ListDossier(pb.ListDossierRequest(case_number=CASE, purpose="委托"))
    assert [paper.document_id for paper in listed.documents] == [LETTER, "来信.pdf"]
    matter = new_id(pair.clock)
    request = picking(matter, LETTER, "来信.pdf")
    request.picks[1].paper_type = document_pb2.PAPER_TYPE_DEBTOR_PROFILE
    letter, profile = (await judge.cases.AttachDossier(request)).documents
    assert letter.sha256 == hashlib.sha256(b"%PDF-1.4 letter").digest()
    assert (letter.paper_type, letter.media_type) == (
        document_pb2.PAPER_TYPE_ENTRUSTMENT_LETTER,
        "application/pdf",
    )
    assert profile.paper_type == document_pb2.PAPER_TYPE_DEBTOR_PROFILE
    assert list((await judge.cases.AttachDossier(request)).documents) == [letter, profile]
    draft = await judge.finds.DraftFind(
        find_service_pb2.DraftFindRequest(
            request_id="d", instruction_id=matter, order=an_order(document_pb2.Document(sha256=letter.sha256))
        )
    )
    assert draft.receipt.state == instruction_pb2.INSTRUCTION_STATE_DRAFT
    assert not draft.missing_papers


async def test_the_dossier_is_for_those_who_work_on_the_case(pair: Pair) -> None:
    await import_case(pair)
    matter = new_id(pair.clock)
    for name in ("other_judge", "chief"):
        cases = pair.sender.as_(name).cases
        refused = await refusal(cases.ListDossier(pb.ListDossierRequest(case_number=CASE)))
        assert refused.reason in {"FORBIDDEN", "WRONG_ROLE"}
        refused = await refusal(cases.AttachDossier(picking(matter, LETTER)))
        assert refused.reason in {"FORBIDDEN", "WRONG_ROLE"}


async def test_a_paper_that_is_not_in_the_dossier_is_not_fetched(pair: Pair) -> None:
    await import_case(pair)
    judge, matter = pair.sender.as_("judge"), new_id(pair.clock)
    for name in ("没有.pdf", "../case.toml"):
        assert (await refusal(judge.cases.AttachDossier(picking(matter, name)))).reason == "UNKNOWN_DOCUMENT"
    assert (await refusal(judge.cases.AttachDossier(picking(matter)))).fields == ["picks"]


async def test_a_case_that_the_source_does_not_have(pair: Pair) -> None:
    cases = pair.sender.as_("judge").cases
    unknown = cases.ImportCase(pb.ImportCaseRequest(case_number="（2026）苏0505执9号"))
    assert (await refusal(unknown)).reason == "UNKNOWN_CASE"
    assert (await refusal(cases.ImportCase(pb.ImportCaseRequest(case_number="苏0505")))).fields == [
        "case_number"
    ]


async def test_without_the_adapter_the_manual_form_works_on(pair: Pair, adapter: Adapter) -> None:
    await adapter.kill()
    refused = await refusal(import_case(pair))
    assert (refused.code, refused.reason) == (grpc.StatusCode.UNAVAILABLE, "CASE_SOURCE_AWAY")
    assert "手工登记案件" in refused.message
    identifier = await pair.issued()
    judge = pair.sender.as_("judge")
    assert (
        await refusal(judge.cases.AttachDossier(picking(identifier, LETTER)))
    ).reason == "CASE_SOURCE_AWAY"
    await adapter.start()
    assert (await import_case(pair)).case_file.case_number == CASE


async def test_a_wrong_token_is_told_to_the_administrator(
    pair: Pair, adapter: Adapter, tmp_path: Path
) -> None:
    await adapter.kill()
    (tmp_path / "adapter" / "tls" / "token").write_text("another token of good length\n", "utf-8")
    await adapter.start()
    assert "令牌" in (await refusal(import_case(pair))).message


async def test_a_fetch_that_breaks_off_goes_on_where_it_was(
    pair: Pair, adapter: Adapter, tmp_path: Path
) -> None:
    content = b"%PDF-1.4 " + bytes(range(256)) * 64 * 1024
    (tmp_path / "cases" / "甲案" / "documents" / "大卷.pdf").write_bytes(content)
    await import_case(pair)
    sender, matter = pair.sender, new_id(pair.clock)
    sha256, account = hashlib.sha256(content).digest(), sender.account("judge")
    spec = DocumentSpec(matter, sha256, len(content), "大卷.pdf", PaperType.OTHER)

    async def until_killed() -> AsyncIterator[bytes]:
        pieces = sender.cases.source.fetch_document(CASE, "大卷.pdf", 0)
        async for piece in pieces:
            if piece.data:
                yield piece.data
                await adapter.kill()

    refused = None
    try:
        await sender.documents.store_from(until_killed(), spec, account, sender.code)
    except Exception as error:  # noqa: BLE001  looked at below
        refused = error
    assert refused.reason == "CASE_SOURCE_AWAY"
    assert 0 < await sender.documents.received(spec, account) < len(content)
    await adapter.start()
    request = picking(matter, "大卷.pdf")
    [document] = (await sender.as_("judge").cases.AttachDossier(request)).documents
    assert (document.sha256, document.size) == (sha256, len(content))
    assert b"".join([part async for part in sender.documents.chunks(sha256)]) == content


async def test_the_adapters_log_holds_nothing_of_people(pair: Pair, adapter: Adapter) -> None:
    await import_case(pair)
    await refusal(
        pair.sender.as_("judge").cases.PutCase(
            pb.PutCaseRequest(request_id="x", case_file=a_case(cause="x" * 300))
        )
    )
    log = adapter.log()
    assert "GetCase" in log
    for word in ("320500189901010016", "测试甲", CASE):
        assert word not in log
