"""Cases at the desk: stored, masked, listed."""

from dataclasses import replace

import grpc
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import CASE, Pair, a_case

from xiezhi.v1 import case_pb2, court_pb2
from xiezhi.v1 import case_service_pb2 as pb
from xiezhi.v1.instruction_service_pb2 import GetInstructionRequest
from xiezhi_desk.access import AccessFilter, read_accesses
from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.accounts.account import Account
from xiezhi_domain.terms import Role


async def put(
    pair: Pair, name: str = "judge", request_id: str = "r", **changes: object
) -> pb.PutCaseResponse:
    request = pb.PutCaseRequest(request_id=request_id, case_file=a_case(**changes))
    return await pair.sender.as_(name).cases.PutCase(request)


def looks(pair: Pair) -> list[tuple[str, str, str, str, bool]]:
    rows = pair.sender.node.journal.read_now(
        lambda connection: read_accesses(connection, AccessFilter(), limit=10)
    )
    return [(look.account, look.method, look.object, look.purpose, look.unmasked) for _, look in rows]


async def test_a_case_is_stored_once_and_replaced(pair: Pair) -> None:
    assert (await put(pair)).case_number == CASE
    assert await put(pair) == await put(pair)
    assert (await refusal(put(pair, stage="终本"))).reason == "REQUEST_ID_REUSED"
    await put(pair, request_id="r2", stage="终本")
    [row] = (await pair.sender.as_("judge").cases.ListCases(pb.ListCasesRequest())).cases
    assert (row.case_number, row.stage, row.judge) == (CASE, "终本", "测试judge")


async def test_numbers_are_masked_but_for_those_on_the_case(pair: Pair) -> None:
    await put(pair)
    masked = await pair.sender.as_("chief").cases.GetCase(pb.GetCaseRequest(case_number=CASE))
    assert masked.case_file.subjects[0].person.identity_number == "320500********0016"
    full = pb.GetCaseRequest(case_number="(2026)苏0505执1234号", unmask=True, purpose="核对身份")
    shown = await pair.sender.as_("judge").cases.GetCase(full)
    assert shown.case_file.subjects[0].person.identity_number == "320500189901010016"
    assert looks(pair) == [
        ("苏0505-judge", "GetCase", CASE, "核对身份", True),
        ("苏0505-chief", "GetCase", CASE, "", False),
    ]
    for name in ("other_judge", "chief"):
        assert (await refusal(pair.sender.as_(name).cases.GetCase(full))).reason == "FORBIDDEN"
    full.purpose = " "
    assert (await refusal(pair.sender.as_("judge").cases.GetCase(full))).fields == ["purpose"]
    assert len(looks(pair)) == 2


async def test_auxiliary_staff_enter_and_do_not_read(pair: Pair) -> None:
    await put(pair, "auxiliary")
    told = await refusal(pair.sender.as_("auxiliary").cases.GetCase(pb.GetCaseRequest(case_number=CASE)))
    assert told.code is grpc.StatusCode.PERMISSION_DENIED


async def test_nobody_takes_over_a_case_that_another_holds(pair: Pair) -> None:
    await put(pair)
    taken = {"judge": case_pb2.Case(judge={"name": "测试other_judge"}).judge}
    for name in ("other_judge", "auxiliary"):
        told = await refusal(put(pair, name, f"take {name}", **taken))
        assert (told.code, told.reason) == (grpc.StatusCode.PERMISSION_DENIED, "FORBIDDEN")
    assert (await refusal(put(pair, "other_judge", "change", stage="终本"))).reason == "FORBIDDEN"
    [row] = (await pair.sender.as_("judge").cases.ListCases(pb.ListCasesRequest())).cases
    assert (row.judge, row.stage) == ("测试judge", a_case().stage)
    assert looks(pair) == []


async def test_who_enters_a_new_case_works_on_it(pair: Pair) -> None:
    assert (await refusal(put(pair, "other_judge"))).reason == "FORBIDDEN"
    assert not (await pair.sender.as_("judge").cases.ListCases(pb.ListCasesRequest())).cases
    await put(pair, "auxiliary")
    await put(pair, "auxiliary", "r2", stage="终本")
    [row] = (await pair.sender.as_("judge").cases.ListCases(pb.ListCasesRequest())).cases
    assert (row.judge, row.stage) == ("测试judge", "终本")


async def test_another_judge_of_a_case_is_on_record(pair: Pair) -> None:
    await put(pair)
    given = {"judge": case_pb2.Case(judge={"name": "测试other_judge"}).judge}
    await put(pair, request_id="give", **given)
    [(account, method, number, told, unmasked)] = looks(pair)
    assert (account, method, number, unmasked) == ("苏0505-judge", "PutCase", CASE, False)
    assert told == "承办人测试judge、书记员测试assistant变更为承办人测试other_judge、书记员测试assistant"
    assert (await refusal(put(pair, request_id="back"))).reason == "FORBIDDEN"
    await put(pair, "other_judge", "mine", stage="终本", **given)


# Two judges of one name: "other_judge" is called as "judge" is.


async def namesake(pair: Pair, **certificates: str) -> None:
    """Let the other judge have the judge's name; *certificates* are the numbers of their work certificates."""
    court = pair.sender
    for name in ("judge", "other_judge"):
        officer = court_pb2.Officer(name="测试judge", work_certificate=certificates.get(name, ""))
        row = Account(court.account(name), court.account(name).casefold(), officer, frozenset({Role.JUDGE}))
        await court.node.journal.write(lambda connection, row=row: accounts.replace_account(connection, row))
        court.callers[name] = replace(court.callers[name], name=officer.name)


def judge_of(number: str = "") -> dict[str, object]:
    return {"judge": court_pb2.Officer(name="测试judge", phone="0512-00000000", work_certificate=number)}


async def works_on(pair: Pair, name: str) -> bool:
    """Whether the person may see the numbers of the case in full."""
    full = pb.GetCaseRequest(case_number=CASE, unmask=True, purpose="核对身份")
    code = await pair.sender.as_(name).cases.GetCase(full).code()
    assert code in {grpc.StatusCode.OK, grpc.StatusCode.PERMISSION_DENIED}
    return code is grpc.StatusCode.OK


async def test_a_namesake_who_comes_later_has_no_part_in_the_case(pair: Pair) -> None:
    await put(pair)
    await namesake(pair)
    assert [await works_on(pair, name) for name in ("judge", "other_judge")] == [True, False]
    assert (await refusal(put(pair, "other_judge", "take", stage="终本"))).reason == "FORBIDDEN"
    await put(pair, request_id="again", stage="终本")
    assert [await works_on(pair, name) for name in ("judge", "other_judge")] == [True, False]


async def test_a_namesake_does_not_hear_of_confidential_matters_of_the_case(pair: Pair) -> None:
    wanted = GetInstructionRequest(instruction_id=await pair.issued())
    await namesake(pair)
    told = await refusal(pair.sender.as_("other_judge").matters.GetInstruction(wanted))
    assert told.reason == "UNKNOWN_INSTRUCTION"
    assert (await pair.sender.as_("judge").matters.GetInstruction(wanted)).instruction


async def test_of_two_namesakes_the_case_is_whose_enters_it(pair: Pair) -> None:
    await namesake(pair)
    await put(pair, "other_judge")
    assert [await works_on(pair, name) for name in ("judge", "other_judge")] == [False, True]
    # Whoever else enters what has changed leaves it where it is.
    await put(pair, "assistant", "r2", stage="终本")
    assert [await works_on(pair, name) for name in ("judge", "other_judge")] == [False, True]


async def test_the_work_certificate_tells_namesakes_apart(pair: Pair) -> None:
    await namesake(pair, judge="苏0505-G-1", other_judge="苏0505-G-2")
    await put(pair, "auxiliary", **judge_of("苏0505-G-2"))
    assert [await works_on(pair, name) for name in ("judge", "other_judge")] == [False, True]
    assert (await refusal(put(pair, "judge", "mine", **judge_of("苏0505-G-1")))).reason == "FORBIDDEN"


async def test_a_case_that_does_not_say_which_namesake_is_nobodys_until_it_does(pair: Pair) -> None:
    await namesake(pair, judge="苏0505-G-1", other_judge="苏0505-G-2")
    await put(pair, "auxiliary", **judge_of())
    assert [await works_on(pair, name) for name in ("judge", "other_judge")] == [False, False]
    await put(pair, "program", "r2", **judge_of("苏0505-G-1"))
    assert [await works_on(pair, name) for name in ("judge", "other_judge")] == [True, False]


async def test_another_courts_case_is_refused(pair: Pair) -> None:
    request = pb.PutCaseRequest(request_id="r", case_file=a_case(case_number="（2026）苏0591执1号"))
    assert (await refusal(pair.sender.as_("judge").cases.PutCase(request))).reason == "WRONG_COURT"


async def test_cases_are_listed_by_pages_and_found_by_part_of_a_number(pair: Pair) -> None:
    for number in range(1, 6):
        pair.clock.now += 1_000
        await put(pair, request_id=f"r{number}", case_number=f"（2026）苏0505执{number}0号")
    judge = pair.sender.as_("judge").cases
    found, token = [], ""
    while True:
        page = await judge.ListCases(pb.ListCasesRequest(page_size=2, page_token=token))
        found += [row.case_number for row in page.cases]
        token = page.next_page_token
        if not token:
            break
    assert found == [f"（2026）苏0505执{number}0号" for number in (5, 4, 3, 2, 1)]
    [row] = (await judge.ListCases(pb.ListCasesRequest(text="(2026) 苏0505执30"))).cases
    assert row.case_number == "（2026）苏0505执30号"
    assert (await refusal(judge.ListCases(pb.ListCasesRequest(page_token="x")))).fields == ["page_token"]
