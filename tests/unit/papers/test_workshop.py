"""Helper processes do jobs, say why they could not, and outlive their workers."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.papers import jobs

from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason, Unavailable
from xiezhi_papers.workshop import Workshop

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("XIEZHI_NODE_DATA_DIR", "/somewhere")
    workshop = Workshop(helpers=1, most_waiting=2)
    workshop.start()
    yield workshop
    workshop.close()


async def test_jobs_run_elsewhere_and_see_nothing_of_the_configuration(workshop: Workshop) -> None:
    first = await workshop.run(jobs.process, "")
    assert first == await workshop.run(jobs.process, "")
    assert await workshop.run(jobs.environment, "XIEZHI_NODE_DATA_DIR") == ""


async def test_a_refusal_comes_back_as_it_was(workshop: Workshop) -> None:
    with pytest.raises(InvalidInput, match="填写有误") as refused:
        await workshop.run(jobs.refuse, "content")
    assert refused.value.fields[0].field == "content"


async def test_what_goes_wrong_inside_is_told_and_harms_nobody(workshop: Workshop) -> None:
    for job, reason in ((jobs.fail, Reason.INTERNAL), (jobs.die, Reason.INTERNAL)):
        with pytest.raises(Unavailable) as failed:
            await workshop.run(job, "")
        assert failed.value.reason is reason
    assert await workshop.run(jobs.process, "") > 0


async def test_a_job_that_never_ends_is_ended(workshop: Workshop) -> None:
    before = await workshop.run(jobs.process, "")
    with pytest.raises(Unavailable) as ended:
        await workshop.run(jobs.run_for_ever, "", limit_s=0.2)
    assert ended.value.reason is Reason.TIMED_OUT
    assert await workshop.run(jobs.process, "") != before


async def test_who_comes_when_many_wait_comes_again_later(workshop: Workshop) -> None:
    waiting = [asyncio.ensure_future(workshop.run(jobs.process, "")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(LimitExceeded) as refused:
        await workshop.run(jobs.process, "")
    assert refused.value.retry_after_ms > 0
    assert len(set(await asyncio.gather(*waiting))) == 1
