"""The list of decisions on handovers is as its address says, and the courts that can be designated."""

from starlette.datastructures import QueryParams

from xiezhi_client.sdk import (
    HandoverRecord,
    HandoverSeizure,
    InstructionSummary,
    RegisteredSeizure,
    SupervisedHandover,
)
from xiezhi_client.typed.ranks import rank_word
from xiezhi_workbench.pages.decision_draft import designable
from xiezhi_workbench.pages.decisions import Wanted


def test_an_address_is_read_and_written_alike() -> None:
    for address in (
        "/decisions?state=WAITING&court=苏0591&matter=0591+7&page=t",
        "/decisions?view=handovers&court=苏0591",
    ):
        wanted = Wanted.of(QueryParams(address.partition("?")[2]))
        assert Wanted.of(QueryParams(wanted.address(wanted.page_token).partition("?")[2])) == wanted
        assert wanted.narrows
    assert Wanted.of(QueryParams("state=LOST&court=苏州市姑苏")).court == "苏0508"
    assert not Wanted.of(QueryParams("state=LOST&view=drafts")).narrows


def test_courts_that_can_be_designated_are_named_by_their_place() -> None:
    seizures = [
        RegisteredSeizure(seizure=HandoverSeizure(court=court), rank=rank)
        for court, rank in (("苏0508", 1), ("苏0591", 2), ("苏0505", 3), ("苏0509", 0))
    ]
    seen = SupervisedHandover(
        instruction=InstructionSummary(sender="苏0591", receiver="苏0508"),
        record=HandoverRecord(register=tuple(seizures)),
    )
    found = designable(seen)
    assert [code for code, _ in found] == ["苏0591", "苏0508", "苏0505"]
    assert [name.split()[0] for _, name in found] == ["商请法院", "首封法院", "轮候法院"]
    assert designable(SupervisedHandover()) == []


def test_ranks_are_named() -> None:
    assert [rank_word(rank) for rank in (0, 1, 2, 3)] == ["已失效", "首封", "轮候第1位", "轮候第2位"]
