"""Helper processes do jobs, say why they could not, and outlive their workers."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.papers import jobs

from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason, Unavailable
from xiezhi_papers.workshop import Job, Workshop

ROOT = Path(__file__).resolve().parents[3]


def job_of(function, result):
    return Job(function.__module__, function.__name__, result)


PROCESS = job_of(jobs.process, int)


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("XIEZHI_NODE_DATA_DIR", "/somewhere")
    workshop = Workshop(helpers=1, most_waiting=2)
    workshop.start()
    yield workshop
    workshop.close()


async def test_jobs_run_elsewhere_and_see_nothing_of_the_configuration(helpers: Workshop) -> None:
    first = await helpers.run(PROCESS, "")
    assert first == await helpers.run(PROCESS, "")
    assert await helpers.run(job_of(jobs.environment, str), "XIEZHI_NODE_DATA_DIR") == ""


async def test_a_refusal_comes_back_as_it_was(helpers: Workshop) -> None:
    with pytest.raises(InvalidInput, match="填写有误") as refused:
        await helpers.run(job_of(jobs.refuse, str), "content")
    assert refused.value.fields[0].field == "content"


async def test_what_goes_wrong_inside_is_told_and_harms_nobody(helpers: Workshop) -> None:
    for job, reason in ((jobs.fail, Reason.INTERNAL), (jobs.die, Reason.INTERNAL)):
        with pytest.raises(Unavailable) as failed:
            await helpers.run(job_of(job, str), "")
        assert failed.value.reason is reason
    assert await helpers.run(PROCESS, "") > 0


async def test_a_job_that_never_ends_is_ended(helpers: Workshop) -> None:
    before = await helpers.run(PROCESS, "")
    with pytest.raises(Unavailable) as ended:
        await helpers.run(job_of(jobs.run_for_ever, str), "", limit_s=0.2)
    assert ended.value.reason is Reason.TIMED_OUT
    assert await helpers.run(PROCESS, "") != before


async def test_who_comes_when_many_wait_comes_again_later(helpers: Workshop) -> None:
    waiting = [asyncio.ensure_future(helpers.run(PROCESS, "")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(LimitExceeded) as refused:
        await helpers.run(PROCESS, "")
    assert refused.value.retry_after_ms > 0
    assert len(set(await asyncio.gather(*waiting))) == 1
