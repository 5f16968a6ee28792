"""One click and all categories; nobody but an obligor; every look on record before anybody is asked."""

from tests.integration.desk.desk import refusal
from tests.integration.node.pair import new_id
from tests.integration.node.remedies import take
from tests.integration.registries.stand import Stand

from xiezhi.v1 import instruction_pb2, registry_pb2
from xiezhi.v1 import instruction_service_pb2 as matters
from xiezhi.v1 import query_service_pb2 as pb
from xiezhi_desk.access import AccessFilter, read_accesses
from xiezhi_domain.registries import OBLIGORS_SOURCE, shipped_categories
from xiezhi_journal import tables

FOUND, NOTHING = registry_pb2.ANSWER_STATE_FOUND, registry_pb2.ANSWER_STATE_NOTHING


async def test_one_click_brings_all_thirteen_categories(stand: Stand) -> None:
    identifier = await stand.asked()
    first, *answers = await stand.run(identifier)
    assert len(first.query.answers) == 13
    told = {each.answer.category for each in answers}
    told |= {each.category for each in first.query.answers if each.state != registry_pb2.ANSWER_STATE_ASKED}
    assert told == set(shipped_categories())
    query = await stand.get(first.query.query_id)
    states = {answer.category: answer.state for answer in query.answers}
    assert states["IMMOVABLE"] == states["VEHICLE"] == states["MARRIAGE"] == FOUND
    assert states["TAX"] == NOTHING
    house = query.answers[0].records[0]
    assert house.property.immovable.certificate == "演示权证1号"
    assert house.seizures[0].rank == 1
    assert (query.account_name, query.subject_name, query.case_number) == (
        "测试field",
        "测试甲",
        "（2026）苏0505执1234号",
    )


async def test_a_query_is_on_record_with_who_when_whom_and_which_registry(stand: Stand) -> None:
    identifier = await stand.asked()
    told = await stand.run(identifier, categories=["VEHICLE"], purpose="核实车辆")
    journal = stand.pair.receiver.node.journal
    [(_, look)] = journal.read_now(
        lambda connection: read_accesses(connection, AccessFilter(object=identifier), limit=1)
    )
    assert (look.method, look.account, look.purpose) == ("RunQuery", "苏0591-field", "核实车辆")
    [row] = journal.read_now(lambda connection: connection.execute(tables.registry_query.select()).all())
    assert (row.subject, row.instruction, row.account) == (1, identifier, "苏0591-field")
    [answer] = journal.read_now(lambda connection: connection.execute(tables.registry_answer.select()).all())
    assert (answer.connector, answer.category, answer.state) == ("模拟登记机构", "VEHICLE", "FOUND")
    listed = await stand.stub().ListQueries(pb.ListQueriesRequest(instruction_id=identifier))
    assert [each.query_id for each in listed.queries] == [told[0].query.query_id]
    assert not listed.queries[0].answers[0].records


async def test_nobody_but_an_obligor_is_asked_about(stand: Stand) -> None:
    identifier = await stand.asked()
    told = await refusal(_drain(stand, identifier, subject_number=3))
    assert told.reason == "NOT_AN_OBLIGOR"
    assert OBLIGORS_SOURCE in told.message
    journal = stand.pair.receiver.node.journal
    assert journal.read_now(lambda connection: connection.execute(tables.registry_query.select()).all()) == []


async def test_there_is_no_query_without_a_matter_that_is_worked_on(stand: Stand) -> None:
    assert (await refusal(_drain(stand, new_id(stand.pair.clock)))).reason == "UNKNOWN_INSTRUCTION"
    identifier = await stand.asked()
    assert (await refusal(_drain(stand, identifier, name="other_field"))).reason == "UNKNOWN_INSTRUCTION"
    assert (await refusal(_drain(stand, identifier, name="chief"))).reason == "WRONG_ROLE"
    assert (await refusal(_drain(stand, identifier, item_number=9))).reason == "INVALID_FIELD"
    await take(
        stand.pair, stand.pair.sender, "judge", "StopInstruction", identifier, reason="PAID", text="已履行"
    )
    assert (await refusal(_drain(stand, identifier))).reason == "WRONG_STATE"


async def test_a_company_is_not_asked_for_its_marriage(stand: Stand) -> None:
    identifier = await stand.asked()
    first, *_ = await stand.run(identifier, subject_number=2)
    categories = {answer.category for answer in first.query.answers}
    assert "MARRIAGE" not in categories
    assert {"IMMOVABLE", "ENTERPRISE"} <= categories
    told = await refusal(_drain(stand, identifier, subject_number=2, categories=["MARRIAGE"]))
    assert told.reason == "INVALID_FIELD"


async def test_the_same_click_is_one_query(stand: Stand) -> None:
    identifier = await stand.asked()
    first = await stand.run(identifier, request_id="click")
    again = await stand.run(identifier, request_id="click")
    assert again[0].query.query_id == first[0].query.query_id
    assert len(again) == 1
    journal = stand.pair.receiver.node.journal
    assert (
        len(journal.read_now(lambda connection: connection.execute(tables.registry_query.select()).all()))
        == 1
    )


async def test_answers_are_reported_for_their_item_once(stand: Stand) -> None:
    identifier = await stand.asked()
    told = await stand.run(identifier)
    report = pb.ReportAnswersRequest(request_id="report", query_id=told[0].query.query_id)
    receipt = (await stand.stub().ReportAnswers(report)).receipt
    assert (await stand.stub().ReportAnswers(report)).receipt == receipt
    report.request_id = "again"
    assert (await refusal(stand.stub().ReportAnswers(report))).reason == "WRONG_STATE"
    await stand.pair.exchange()
    answer = await stand.pair.sender.as_("judge").matters.GetInstruction(
        matters.GetInstructionRequest(instruction_id=identifier)
    )
    [outcome] = answer.instruction.outcomes
    described = [finding.property.description for finding in outcome.findings]
    assert described[:2] == ["演示新村九幢房屋", "演示广场车位一个"]
    assert "SIM-IMMOVABLE" in outcome.findings[0].source
    query = await stand.get(told[0].query.query_id)
    assert {answer.event_id for answer in query.answers} == {receipt.event_id}
    assert receipt.state == instruction_pb2.INSTRUCTION_STATE_IN_PROGRESS


async def test_leaders_see_no_numbers(stand: Stand) -> None:
    identifier = await stand.asked()
    told = await stand.run(identifier, categories=["BANK", "MARRIAGE"])
    full = await stand.get(told[0].query.query_id)
    seen = await stand.get(told[0].query.query_id, "chief")
    assert full.answers[0].category == "MARRIAGE" or full.answers[1].category == "MARRIAGE"
    text = str(seen)
    assert "6200000000000000000" not in text
    assert "320500189901010016" not in text
    assert "已婚" not in text
    assert "已婚" in str(full) or "\\345" in str(full)


async def test_the_list_says_who_serves_what(stand: Stand) -> None:
    told = await stand.stub().ListCategories(pb.ListCategoriesRequest())
    assert len(told.categories) == 13
    assert {category.connector for category in told.categories} == {"模拟登记机构"}
    assert [category.name for category in told.categories if category.confirmed] == [
        "不动产登记",
        "婚姻登记",
        "机动车",
    ]


async def _drain(stand: Stand, identifier: str, name: str = "field", **changes: object) -> None:
    async for _ in stand.stub(name).RunQuery(stand.click(identifier, **changes)):
        pass
