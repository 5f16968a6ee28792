"""What is in force is asked each time; its content comes once, and again only where another is in force."""

from tests.integration.client.fake_node import Running

from xiezhi_client.sdk import Client
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.rulebook.publishing import next_rulebook
from xiezhi_journal.journal import system_clock
from xiezhi_workbench.rulebooks import Rulebooks


async def test_the_second_look_carries_no_content(client: Client, fake: Running) -> None:
    kept, shipped = Rulebooks(), shipped_rulebook()
    first = await kept.in_force(client)
    assert first.hash == shipped.hash
    assert await kept.in_force(client) is first
    assert [asked.known for asked in fake.node.calls["GetRulebook"]] == ["", shipped.hash]
    told = await client.directory.rulebook(known=shipped.hash)
    assert (told.hash, told.content) == (shipped.hash, b"")


async def test_another_in_force_is_fetched_and_then_kept(client: Client, fake: Running) -> None:
    kept, shipped = Rulebooks(), shipped_rulebook()
    await kept.in_force(client)
    overlay = [("overlay.toml", 'court = "苏0508"\n')]
    later = next_rulebook(shipped, overlay, to_date(system_clock()))
    fake.node.rulebooks[later.hash] = later
    assert (await kept.in_force(client)).hash == later.hash
    assert await kept.in_force(client) is await kept.pinned(client, later.hash)
    assert (await kept.pinned(client, shipped.hash)).hash == shipped.hash
    assert [asked.known for asked in fake.node.calls["GetRulebook"]] == ["", shipped.hash, later.hash]
