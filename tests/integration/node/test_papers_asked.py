"""Papers asked for once and completely, returns and objections, the right court (practice.md §6)."""

import pytest
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair
from tests.integration.node.remedies import DAY_MS, call, offered, request, seen_by, state_of, take, timeline

from xiezhi.v1 import court_pb2, document_pb2
from xiezhi_domain.terms import PaperType

CONTACT = court_pb2.Officer(name="测试联系人", phone="0512-00000001")
RULING = document_pb2.PAPER_TYPE_RULING


def asked(note: str = "") -> list[dict[str, object]]:
    return [{"paper_type": RULING, "note": note}]


async def supplied(pair: Pair, identifier: str, name: str) -> None:
    document = await pair.sender.has_document(identifier, name, PaperType.RULING)
    await take(pair, pair.sender, "judge", "SupplyMaterial", identifier, documents=[document], text="补齐")


async def test_papers_are_asked_for_once_and_supplied(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    nothing = request(pair, "AskForMaterial", identifier)
    told = await refusal(call(pair.receiver, "field", "AskForMaterial", nothing))
    assert (told.fields, told.message) == (["text"], "请填写需要补充的内容")
    await take(
        pair,
        pair.receiver,
        "field",
        "AskForMaterial",
        identifier,
        papers=asked("缺少第二页"),
        contact=CONTACT,
    )
    assert await state_of(pair.sender, identifier) == "AWAITING_SUPPLEMENT"
    text = (await timeline(pair.sender, identifier))[-1][1]
    assert text == "需补充：裁定书，缺少第二页\n联系人：测试联系人（0512-00000001）"
    assert "SUPPLY_MATERIAL" in await offered(pair.sender, "judge", identifier)
    await supplied(pair, identifier, "裁定书")
    assert await state_of(pair.receiver, identifier) == "IN_PROGRESS"
    await take(pair, pair.receiver, "field", "AskForMaterial", identifier, papers=asked("未盖章"))
    lines = [words for words, _ in await timeline(pair.sender, identifier)]
    assert lines[-3:] == ["要求补充材料", "按要求补充材料", "告知所补材料有误"]


async def test_a_second_list_before_the_first_is_answered_is_refused(pair: Pair) -> None:
    identifier = await pair.issued()
    await take(pair, pair.receiver, "centre", "AskForMaterial", identifier, papers=asked())
    again = request(pair, "AskForMaterial", identifier, papers=asked())
    told = await refusal(call(pair.receiver, "centre", "AskForMaterial", again))
    assert told.reason == "WRONG_STATE"
    assert "工作规则建议稿 §6" in told.message


async def test_papers_that_lack_are_asked_for_before_a_return(pair: Pair) -> None:
    identifier = await pair.issued()
    proposal = request(
        pair, "ProposeReturn", identifier, reason="PAPERS_MISSING", text="缺少裁定书", contact=CONTACT
    )
    told = await refusal(call(pair.receiver, "centre", "ProposeReturn", proposal))
    assert (told.reason, "此前应先进行“要求补充材料”" in told.message) == ("WRONG_STATE", True)
    await take(pair, pair.receiver, "centre", "AskForMaterial", identifier, papers=asked())
    told = await refusal(call(pair.receiver, "centre", "ProposeReturn", proposal))
    assert (told.reason, "补充材料期限尚未届满" in told.message) == ("TOO_EARLY", True)
    pair.clock.now += 8 * DAY_MS
    await call(pair.receiver, "centre", "ProposeReturn", proposal)
    await pair.exchange()
    assert await state_of(pair.sender, identifier) == "RETURN_PROPOSED"


async def returned(pair: Pair) -> str:
    identifier = await pair.issued()
    await take(
        pair,
        pair.receiver,
        "centre",
        "ProposeReturn",
        identifier,
        reason="WRONG_DISTRICT",
        text="不在本院辖区",
        contact=CONTACT,
    )
    await take(
        pair, pair.receiver, "centre", "LogContact", identifier, counterpart=CONTACT, text="已说明情况"
    )
    await take(pair, pair.receiver, "director", "ApproveReturn", identifier)
    return identifier


async def test_a_return_is_objected_to_in_time_and_once(pair: Pair) -> None:
    identifier = await returned(pair)
    assert "OBJECT_TO_RETURN" in await offered(pair.sender, "judge", identifier)
    objection = request(pair, "ObjectToReturn", identifier)
    assert (await refusal(call(pair.sender, "judge", "ObjectToReturn", objection))).fields == ["text"]
    await take(pair, pair.sender, "judge", "ObjectToReturn", identifier, text="被执行人住在平江路")
    assert (await timeline(pair.receiver, identifier))[-1] == ("退回异议", "被执行人住在平江路")
    again = request(pair, "ObjectToReturn", identifier, text="再次异议")
    told = await refusal(call(pair.sender, "judge", "ObjectToReturn", again))
    assert (told.reason, "只能进行一次" in told.message) == ("WRONG_STATE", True)


async def test_an_objection_comes_too_late(pair: Pair) -> None:
    identifier = await returned(pair)
    pair.clock.now += 15 * DAY_MS
    late = request(pair, "ObjectToReturn", identifier, text="被执行人住在平江路")
    told = await refusal(call(pair.sender, "judge", "ObjectToReturn", late))
    assert (told.reason, "已超过退回异议期间" in told.message) == ("TOO_LATE", True)
    assert "OBJECT_TO_RETURN" not in await offered(pair.sender, "judge", identifier)


async def test_the_right_court_is_named(pair: Pair) -> None:
    identifier = await pair.issued()
    wrong = request(pair, "ReportWrongCourt", identifier, court="某法院")
    told = await refusal(call(pair.receiver, "centre", "ReportWrongCourt", wrong))
    assert told.fields == ["text", "contact.name", "contact.phone", "court"]
    content = {"court": "苏0509", "text": "住所地在吴江", "contact": CONTACT}
    await take(pair, pair.receiver, "centre", "ReportWrongCourt", identifier, **content)
    text = (await timeline(pair.sender, identifier))[-1][1]
    assert text.startswith("应受托法院：苏0509\n")
    again = request(pair, "ReportWrongCourt", identifier, **content)
    told = await refusal(call(pair.receiver, "centre", "ReportWrongCourt", again))
    assert "已有未处理的改派建议" in told.message


async def test_a_letter_is_confirmed_only_after_the_matter_was_sent_on(pair: Pair) -> None:
    identifier = await pair.issued()
    bare = request(pair, "ConfirmLetter", identifier)
    assert (await refusal(call(pair.sender, "centre", "ConfirmLetter", bare))).fields == ["documents"]
    document = await pair.sender.has_document(identifier, "新委托函")
    letter = request(pair, "ConfirmLetter", identifier, documents=[document])
    told = await refusal(call(pair.sender, "centre", "ConfirmLetter", letter))
    assert (told.reason, "没有未确认的新函" in told.message) == ("WRONG_STATE", True)


@pytest.mark.parametrize("name", ["field", "director"])
async def test_material_of_the_receiver_answers_nothing(pair: Pair, name: str) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    document = await pair.receiver.has_document(identifier, "照片", PaperType.PHOTO)
    await take(pair, pair.receiver, name, "SupplyMaterial", identifier, documents=[document])
    assert (await timeline(pair.sender, identifier))[-1][0] == "补充材料"
    assert (await seen_by(pair.sender, "judge", identifier)).documents
