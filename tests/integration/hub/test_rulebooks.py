"""Publishing a rulebook at the hub's desk: told first, refused with file and line, once, and there after a restart."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from tests.integration.desk.desk import refusal
from tests.integration.hub.court import RECEIVER, header_of
from tests.integration.hub.stand import Serving, hub_settings, new_hub
from tests.integration.hub.test_desk import Desk, signed_in

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import EventKind, Role
from xiezhi_hub.opening import open_hub

OVERLAY = f'court = "{RECEIVER}"\n[kind.FIND.limits.handle]\nmax_days = 9\n'
MAX_DAYS = f"{RECEIVER}:kind.FIND.limits.handle.max_days"
Code = grpc.StatusCode


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as serving:
        yield serving


@pytest.fixture
async def administrator(hub: Serving) -> AsyncIterator[Desk]:
    async with signed_in(hub, Role.ADMINISTRATOR) as desk:
        yield desk


def asked(
    hub: Serving, content: str = OVERLAY, *, ahead: int = 0, **values: object
) -> pb.PublishRulebookRequest:
    day = to_date(hub.parts.hub.journal.clock()) + timedelta(days=ahead)
    request = pb.PublishRulebookRequest(
        request_id="r-1",
        documents=[pb.RulebookDocument(name="gusu.toml", content=content)],
        valid_from=day.isoformat(),
    )
    request.MergeFrom(pb.PublishRulebookRequest(**values))
    return request


async def publish(desk: Desk, request: pb.PublishRulebookRequest) -> pb.PublishRulebookResponse:
    return await desk.directory.PublishRulebook(request, metadata=desk.bearing)


async def listed(desk: Desk) -> list[tuple[str, bool]]:
    answer = await desk.directory.ListRulebooks(pb.ListRulebooksRequest(), metadata=desk.bearing)
    return [(each.version, each.in_force) for each in answer.rulebooks]


async def test_what_would_change_is_told_and_nothing_published(hub: Serving, administrator: Desk) -> None:
    told = await publish(administrator, asked(hub, dry_run=True))
    differences = {each.path: (each.before, each.after) for each in told.differences}
    assert differences[MAX_DAYS] == ("", "9")
    assert differences["version"] == (shipped_rulebook().version, told.rulebook.version)
    assert (told.newest, told.rulebook.event_id) == (shipped_rulebook().hash, "")
    assert await listed(administrator) == [(shipped_rulebook().version, True)]


async def test_a_publication_is_one_entry_for_all_courts_and_outlives_a_restart(
    hub: Serving, administrator: Desk, tmp_path: Path
) -> None:
    request = asked(hub)
    done = await publish(administrator, request)
    assert done == await publish(administrator, request)
    reused = await refusal(publish(administrator, asked(hub, OVERLAY.replace("9", "8"))))
    assert reused.reason == "REQUEST_ID_REUSED"
    for court in (RECEIVER, "苏0505"):
        items = await hub.parts.feeds.items(court, 1, 0, 1 << 22)
        headers = [header_of(item) for item in items]
        published = [each for each in headers if each.kind == EventKind.RULEBOOK_PUBLISHED]
        assert [each.facts["rulebook"] for each in published] == [done.newest, done.rulebook.hash]
        assert published[-1].id == done.rulebook.event_id
    assert await listed(administrator) == [(done.rulebook.version, True), (shipped_rulebook().version, False)]
    again = open_hub(hub_settings(tmp_path / "hub"))
    assert done.rulebook.hash in again.journal.rulebooks
    again.journal.close()


async def test_a_wrong_document_is_refused_with_file_and_line(hub: Serving, administrator: Desk) -> None:
    slip = await refusal(publish(administrator, asked(hub, OVERLAY.replace("max_days", "most_days"))))
    assert slip.code is Code.INVALID_ARGUMENT
    assert "gusu.toml:3 kind.FIND.limits.handle.most_days" in slip.message
    elsewhere = await refusal(publish(administrator, asked(hub, OVERLAY.replace(RECEIVER, "浙0102"))))
    assert "gusu.toml:1 court：不在本枢纽的辖区内" in elsewhere.message
    for wrong in (asked(hub, ahead=-1), asked(hub, valid_from="明天")):
        assert (await refusal(publish(administrator, wrong))).fields == ["valid_from"]
    assert (await refusal(publish(administrator, asked(hub, version="2026.1")))).fields == ["version"]
    assert await listed(administrator) == [(shipped_rulebook().version, True)]


async def test_who_saw_older_differences_looks_again(hub: Serving, administrator: Desk) -> None:
    told = await publish(administrator, asked(hub, dry_run=True))
    await publish(administrator, asked(hub, OVERLAY.replace("9", "8")))
    stale = await refusal(publish(administrator, asked(hub, request_id="r-2", seen=told.newest)))
    assert (stale.code, stale.reason) == (Code.ABORTED, "STALE_BASE")
    later = await publish(administrator, asked(hub, request_id="r-3", ahead=5))
    assert (await listed(administrator))[0] == (later.rulebook.version, False)
    before = await refusal(publish(administrator, asked(hub, request_id="r-4", ahead=1)))
    assert before.fields == ["valid_from"]


async def test_rulebooks_are_published_by_the_administrator_or_the_centre_s_director(hub: Serving) -> None:
    async with signed_in(hub, Role.SUPERVISOR) as supervisor:
        refused = await refusal(publish(supervisor, asked(hub)))
        assert refused.code is Code.PERMISSION_DENIED
        assert await listed(supervisor) == [(shipped_rulebook().version, True)]
    async with signed_in(hub, Role.CENTRE_DIRECTOR) as director:
        assert (await publish(director, asked(hub))).rulebook.event_id
