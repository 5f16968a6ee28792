"""Saved views: each account its own, one default of a list, a name once in it."""

import uuid

import pytest
from tests.integration.desk.desk import COURT

from xiezhi.v1 import instruction_pb2
from xiezhi.v1 import instruction_service_pb2 as lists_pb
from xiezhi.v1 import view_service_pb2 as pb
from xiezhi_desk.views.service import MOST_VIEWS, ViewService
from xiezhi_domain.errors import InvalidInput, LimitExceeded, NotFound
from xiezhi_domain.terms import Role
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import Caller, acting


class Person:
    """Somebody with views of his own."""

    def __init__(self, journal: Journal) -> None:
        self.service = ViewService(journal)
        self.caller = Caller(str(uuid.uuid4()), "测试甲", COURT, frozenset({Role.JUDGE}))

    async def put(self, name: str, request_id: str = "", **values: object) -> pb.SavedView:
        view = pb.SavedView(name=name, **({"filter": received()} | values))
        request = pb.PutViewRequest(request_id=request_id or str(uuid.uuid4()), view=view)
        with acting(self.caller):
            return (await self.service.PutView(request, None)).view

    async def list(self) -> list[pb.SavedView]:
        with acting(self.caller):
            return list((await self.service.ListViews(pb.ListViewsRequest(), None)).views)

    async def delete(self, view_id: str) -> None:
        with acting(self.caller):
            await self.service.DeleteView(pb.DeleteViewRequest(view_id=view_id), None)


def received(**values: object) -> lists_pb.ListInstructionsRequest:
    return lists_pb.ListInstructionsRequest(box=lists_pb.BOX_RECEIVED, **values)


async def test_a_view_is_kept_for_who_made_it(journal: Journal) -> None:
    person, other = Person(journal), Person(journal)
    states = [instruction_pb2.INSTRUCTION_STATE_IN_PROGRESS]
    narrowed = received(states=states, person="测试乙", page_size=5, page_token="x")
    first = await person.put("我的在办", "once", filter=narrowed)
    assert await person.put("我的在办", "once", filter=narrowed) == first
    await person.put("超期")
    kept = await person.list()
    assert [view.name for view in kept] == ["我的在办", "超期"]
    assert kept[0].filter == received(states=states, person="测试乙")
    assert await other.list() == []
    await other.delete(first.view_id)
    with pytest.raises(NotFound):
        await other.put("别人的", view_id=first.view_id)
    await person.delete(first.view_id)
    await person.delete(first.view_id)
    assert [view.name for view in await person.list()] == ["超期"]


async def test_a_list_opens_with_one_view(journal: Journal) -> None:
    person = Person(journal)
    first = await person.put("甲", is_default=True)
    await person.put("乙", is_default=True)
    sent = lists_pb.ListInstructionsRequest(box=lists_pb.BOX_SENT)
    await person.put("丙", filter=sent, is_default=True)
    assert [view.is_default for view in await person.list()] == [False, True, True]
    await person.put("甲之二", view_id=first.view_id, is_default=True)
    shown = [(view.name, view.is_default) for view in await person.list()]
    assert shown == [("甲之二", True), ("乙", False), ("丙", True)]


async def test_names_are_given_once_and_views_not_without_end(journal: Journal) -> None:
    person = Person(journal)
    await person.put("甲")
    await person.put("甲", filter=lists_pb.ListInstructionsRequest())
    for name in ("甲", " ", "长" * 21):
        with pytest.raises(InvalidInput) as refused:
            await person.put(name)
        assert [each.field for each in refused.value.fields] == ["view.name"]
    with pytest.raises(InvalidInput):
        await person.put("乙", filter=received(text="长" * 4_000))
    for number in range(MOST_VIEWS - 1):
        await person.put(f"视图{number}")
    with pytest.raises(LimitExceeded):
        await person.put("多出的")
