"""Figures counted again from an exported log equal those of the hub; what a log cannot say is told."""

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.integration.hub.court import DAY_MS, ORIGIN, RECEIVER, SENDER
from tests.integration.hub.stand import new_hub
from tests.integration.hub.test_figures import City, desk

from xiezhi.v1 import statistics_service_pb2 as statistics
from xiezhi_client.sdk.records.figure import Figures
from xiezhi_client.verify.program import main
from xiezhi_domain.calendar import CalendarRow, shipped_calendar
from xiezhi_domain.clocks import Outage
from xiezhi_domain.terms import OutageReason, Role
from xiezhi_hub.deadlines.publish import PublishCalendar, RecordOutage
from xiezhi_hub.tiled_log.export import export_log
from xiezhi_journal.journal import system_clock


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[City]:
    async with new_hub(tmp_path / "hub") as hub:
        city = City(hub, await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path))
        await city.finish(1)
        await city.issue(2)
        await city.give_back(3)
        now = system_clock()
        outage = Outage(RECEIVER, now, now + DAY_MS)
        seat = hub.parts.hub.seat
        await hub.parts.hub.journal.submit(RecordOutage(seat, outage, next(iter(OutageReason))))
        city.go_to_day(40)
        yield city


async def shown(city: City, folder: Path) -> Path:
    """What `xiezhi figures show --json` prints at the hub."""
    async with desk(city.hub, Role.STATISTICIAN) as people:
        request = statistics.GetFiguresRequest(period=city.period)
        answer = await people.statistics.GetFigures(request, metadata=people.bearing)
    path = folder / "figures.json"
    path.write_text(json.dumps(Figures.from_proto(answer).to_plain(), ensure_ascii=False), "utf-8")
    return path


class Recounted:
    """`xiezhi-verify figures` over an export of the city's log."""

    def __init__(self, city: City, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.log, self._city, self._capsys = folder / "log", city, capsys
        export_log(city.hub.parts.hub.journal, self.log)
        key = city.hub.parts.hub.journal.signer.verifier_key.format()
        self._pins = ["--origin", ORIGIN, "--log-key", key]

    def __call__(self, *words: object, code: int = 0) -> Any:
        period = ["--first", self._city.period.first_day, "--last", self._city.period.last_day]
        self._capsys.readouterr()  # the programs' own lines
        with pytest.raises(SystemExit) as left:
            main(["figures", str(self.log), *self._pins, *period, "--json", *map(str, words)])
        said = self._capsys.readouterr()
        assert left.value.code == code, said
        return json.loads(said.out)


@pytest.fixture
def recounted(city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Recounted:
    return Recounted(city, tmp_path, capsys)


async def test_the_log_gives_the_figures_of_the_hub(city: City, tmp_path: Path, recounted: Recounted) -> None:
    hubs = await shown(city, tmp_path)
    result = recounted("--against", hubs)
    assert result["verdict"] == "CHECKED"
    counted = {
        (each["indicator"], each["court"]): tuple(each["numbers"].values()) for each in result["figures"]
    }
    assert counted["COMPLETED_IN_TIME", RECEIVER] == (1, 2)
    assert counted["RETURNED_RECEIVED", RECEIVER] == (1, 2)


async def test_a_figure_that_the_hub_made_up_is_named(
    city: City, tmp_path: Path, recounted: Recounted
) -> None:
    hubs = await shown(city, tmp_path)
    values = json.loads(hubs.read_text("utf-8"))
    [better] = [
        each
        for each in values["figures"]
        if (each["indicator"], each["court"]) == ("COMPLETED_IN_TIME", RECEIVER)
    ]
    better["numbers"]["numerator"] = 2
    hubs.write_text(json.dumps(values), "utf-8")
    result = recounted("--against", hubs, code=1)
    [finding] = result["findings"]
    assert f"{RECEIVER} " in finding["text"]
    assert "日志算得 1/2，平台所示 2/2" in finding["text"]


async def test_the_log_is_counted_as_it_was_when_a_bulletin_was_drawn_up(
    city: City, recounted: Recounted
) -> None:
    whole = recounted()
    before = recounted("--log-size", whole["log_size"] - 1)
    assert before["log_size"] == whole["log_size"] - 1
    assert recounted("--log-size", whole["log_size"] + 1, code=4)["verdict"] == "NOT_PROVEN"


async def test_what_a_log_does_not_hold_is_taken_from_a_journal(
    city: City, tmp_path: Path, recounted: Recounted
) -> None:
    hub = city.hub.parts.hub
    row = CalendarRow(date(2031, 12, 31), is_workday=False, source="测试")
    calendar = shipped_calendar().with_rows([row], complete_years={2031})
    await hub.journal.submit(PublishCalendar(hub.seat, calendar, 2031))
    export_log(hub.journal, recounted.log)
    hubs = await shown(city, tmp_path)
    missing = recounted("--against", hubs, code=4)
    assert [("工作日历" in each["text"], each["verdict"]) for each in missing["findings"]] == [
        (True, "NOT_PROVEN")
    ]
    journal = hub.paths.data_dir / "journal.db"
    assert recounted("--against", hubs, "--journal", journal)["verdict"] == "CHECKED"


async def test_an_altered_log_gives_no_figures_that_count(city: City, recounted: Recounted) -> None:
    [bundle] = (recounted.log / "tile" / "entries").rglob("*.p/*")
    bundle.write_bytes(bundle.read_bytes().replace(b"WRONG_DISTRICT", b"WRONG_PERSONAL"))
    result = recounted(code=1)
    assert result["verdict"] == "TAMPERED"
