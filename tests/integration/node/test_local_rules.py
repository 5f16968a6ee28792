"""What a province and a court lay over the rulebook, as the people of the sending court meet it (practice.md §10)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.desk.desk import refusal
from tests.integration.journal.scene import RECEIVER, RULES, SENDER, THIRD
from tests.integration.node.pair import Pair, a_case, an_order, new_id, open_pair
from tests.integration.node.remedies import due_of, offered

from xiezhi.v1 import case_service_pb2, document_pb2, find_service_pb2, instruction_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import load_rulebook
from xiezhi_domain.rulebook.document import join_documents, split_documents
from xiezhi_domain.terms import PaperType, Role
from xiezhi_node.papers.matter_facts import matter_facts
from xiezhi_node.papers.missing import list_missing

JIANGSU = """\
province = "苏"
[kind.FIND.limits.handle]
amount = 5
"""
KUNSHAN = f"""\
court = "{RECEIVER}"
[[kind.FIND.papers]]
acts = ["LOCATE_PERSON"]
papers = ["PHOTO"]
reason = "本院要求附照片"
source = "本地要求"
confirmed = false
local = true
[kind.FIND.limits.handle]
max_days = 6
urgent_amount = 12
"""
ZHANGJIAGANG = f"""\
court = "{SENDER}"
[kind.FIND.approval.bureau]
roles = ["COURT_LEADER"]
"""
LOCAL = load_rulebook(
    join_documents(
        [
            *split_documents(RULES.content),
            ("jiangsu.toml", JIANGSU),
            ("kunshan.toml", KUNSHAN),
            ("zhangjiagang.toml", ZHANGJIAGANG),
        ]
    )
)


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """The pair under a rulebook with overlays; the sender's node stands on the database under test."""
    urls = [f"sqlite:///{tmp_path / 'hub.db'}", journal_url, f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_pair(urls, rulebook=LOCAL) as pair:
        yield pair


async def draft(pair: Pair, identifier: str, **changes: object) -> find_service_pb2.DraftFindResponse:
    judge = pair.sender.as_("judge")
    await judge.cases.PutCase(
        case_service_pb2.PutCaseRequest(request_id=new_id(pair.clock), case_file=a_case())
    )
    letter = await pair.sender.has_document(identifier, f"委托函{identifier}")
    order = an_order(letter, **changes)
    request = find_service_pb2.DraftFindRequest(
        request_id=new_id(pair.clock), instruction_id=identifier, order=order
    )
    return await judge.finds.DraftFind(request)


def promote(pair: Pair, name: str) -> None:
    """Make somebody of the sending court one of its leaders."""
    before = pair.sender.callers[name]
    pair.sender.callers[name] = replace(before, roles=frozenset({Role.COURT_LEADER}))


async def test_the_receiver_s_own_papers_are_shown_before_sending(pair: Pair) -> None:
    identifier = new_id(pair.clock)
    drafted = await draft(pair, identifier)
    assert [paper.paper_type for paper in drafted.missing_papers] == [document_pb2.PAPER_TYPE_PHOTO]
    sender = pair.sender
    missing = sender.node.journal.read_now(
        lambda connection: list_missing(connection, sender.node.seat, sender.callers["judge"], identifier)
    )
    assert [paper.reason for paper in missing.receiver_additions] == ["本院要求附照片"]
    elsewhere = new_id(pair.clock)
    assert not (await draft(pair, elsewhere, receiver=THIRD)).missing_papers


async def test_the_receiver_s_own_limits_bound_the_order(pair: Pair) -> None:
    refused = await refusal(draft(pair, new_id(pair.clock), limit_days=7))
    assert refused.fields == ["order.limit_days"]
    await draft(pair, new_id(pair.clock), receiver=THIRD, limit_days=7)


async def test_the_province_s_period_is_that_of_its_courts(pair: Pair) -> None:
    identifier = new_id(pair.clock)
    photo = await pair.sender.has_document(identifier, "照片", PaperType.PHOTO)
    await draft(pair, identifier, documents=[photo], limit_days=0)
    promote(pair, "chief")
    await pair.send(identifier)
    assert to_date(await due_of(pair.receiver, identifier)) - to_date(pair.clock.now) == timedelta(days=5)


async def test_letters_name_the_receiver_s_own_urgent_period(pair: Pair) -> None:
    summary = instruction_pb2.InstructionSummary(kind="FIND", sender=SENDER, receiver=RECEIVER)
    urgent = instruction_pb2.Instruction(summary=summary, urgency=instruction_pb2.URGENCY_URGENT)
    assert matter_facts(urgent, pair.sender.node.seat, pair.clock.now, "")["limit"] == "12小时"


async def test_the_sender_s_own_approval_is_what_is_offered(pair: Pair) -> None:
    identifier = new_id(pair.clock)
    await draft(pair, identifier, receiver=THIRD)
    submit = pb.SubmitInstructionRequest(request_id=new_id(pair.clock), instruction_id=identifier)
    await pair.sender.as_("judge").matters.SubmitInstruction(submit)
    assert "APPROVE" not in await offered(pair.sender, "chief", identifier)
    promote(pair, "chief")
    assert "APPROVE" in await offered(pair.sender, "chief", identifier)
