"""The writer: everything that waits commits once, and what fails fails alone."""

import asyncio
import errno
import threading

import psycopg.errors
import pytest
from sqlalchemy import event, insert, select, text
from tests.integration.journal.scene import HUB_COURT, SENDER, Clock, Hub, issued_records, set_up
from tests.integration.journal.works import InAttempt, Put, Raise, Signed, everything_in, refused
from tests.signer import StandIn

from xiezhi_domain.errors import Conflict, Reason, Unavailable
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.writer import MAX_BATCH

PLAIN = insert(tables.serial).values(series="plain", last=1).returning(tables.serial.c.series)


@pytest.fixture
def journal(journal_url):
    opened = set_up(Journal(journal_url, court=SENDER, clock=Clock()))
    yield opened
    opened.close()


@pytest.fixture
def hubs(journal_url, tmp_path):
    """Two hubs, not started: the first on the database under test."""
    pair = [Hub(url, Clock()) for url in (journal_url, f"sqlite:///{tmp_path}/other.db")]
    yield pair
    for hub in pair:
        hub.journal.close()


def stored(journal):
    return set(journal.read_now(lambda connection: connection.scalars(select(tables.serial.c.series)).all()))


async def test_everything_that_waits_commits_once_and_is_answered_after_it(journal):
    commits, seen = [], []
    journal.writer.on_commit(lambda: commits.append(stored(journal)))

    async def ask(name):
        answer = await journal.submit(Put(name))
        seen.append((answer, answer in stored(journal)))

    names = {f"s{number}" for number in range(50)}
    tasks = [asyncio.create_task(ask(name)) for name in names]
    await asyncio.sleep(0)
    journal.start()
    await asyncio.gather(*tasks)
    await asyncio.to_thread(journal.writer.stop)
    assert commits == [names]
    assert sorted(seen) == sorted((name, True) for name in names)


async def test_a_batch_ends_at_its_limit(journal):
    sizes = []
    journal.writer.on_commit(lambda: sizes.append(len(stored(journal))))
    tasks = [asyncio.create_task(journal.submit(Put(f"s{number}"))) for number in range(MAX_BATCH + 6)]
    await asyncio.sleep(0)
    journal.start()
    await asyncio.gather(*tasks)
    await asyncio.to_thread(journal.writer.stop)
    assert sizes == [MAX_BATCH, MAX_BATCH + 6]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda work: Raise(refused(), work),
        lambda work: InAttempt(Raise(refused(), work)),
        lambda work: Raise(refused(), InAttempt(work)),
        lambda work: Raise(refused(), InAttempt(Raise(refused(), work))),
    ],
)
async def test_refused_work_leaves_no_trace(hubs, spoil):
    """Among others, or alone: rows, feeds, log, matters, tally and head are as if it had never been."""
    records = issued_records(5)
    for hub, drop in zip(hubs, (False, True), strict=True):
        works = hub.checked(SENDER, records)
        hub.journal.start()
        batches = [[works[0], works[1], works[2]], [works[1]], [works[3], works[4]]]
        for batch in batches:
            spoiled = [spoil(work) if work is works[1] else work for work in batch]
            await hub.journal.writer.submit_all([w for w in spoiled if not (drop and w not in works)])
    assert everything_in(hubs[0].journal) == everything_in(hubs[1].journal)
    assert len(everything_in(hubs[0].journal)["event"]) == 4


async def test_who_is_refused_hears_why_and_the_others_what_they_asked(journal):
    journal.start()
    works = [Put("a"), Raise(refused(), Put("b")), Put("c")]
    answers = await journal.writer.submit_all(works)
    assert [answers[0], answers[2]] == ["a", "c"]
    assert isinstance(answers[1], Conflict)
    assert stored(journal) == {"a", "c"}
    with pytest.raises(Conflict):
        await journal.submit(works[1])


@pytest.mark.parametrize("broken", [Raise(ValueError("bug")), Raise(OSError("no file")), Put(None)])
@pytest.mark.parametrize("place", [0, 3, 6])
async def test_an_unexpected_failure_is_found_by_halves_and_stands_alone(journal, broken, place):
    works = [Put(f"s{number}") for number in range(7)]
    works[place] = broken
    journal.start()
    answers = await journal.writer.submit_all(works)
    bad = answers.pop(place)
    assert isinstance(bad, Unavailable)
    assert bad.reason is Reason.INTERNAL
    assert stored(journal) == set(answers) == {f"s{number}" for number in range(7) if number != place}
    assert journal.writer.failing == ""


@pytest.mark.parametrize("journal_url", ["sqlite"], indirect=True)
async def test_a_full_disk_is_told_to_all_and_overcome(journal):
    def limit(pages):
        with journal._writing.connect() as connection:
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    journal.start()
    limit(1)  # SQLite takes the pages that there are for the least limit.
    await assert_full_then_recovers(journal, lambda: limit(1_000_000))


@pytest.mark.postgres
@pytest.mark.parametrize("journal_url", ["postgresql"], indirect=True)
async def test_a_full_disk_of_postgresql_is_told_to_all_and_overcome(journal):
    def fail(cursor, statement, parameters, context):
        raise psycopg.errors.DiskFull('could not extend file "base/1/2": No space left on device')

    journal.start()
    event.listen(journal._writing, "do_executemany", fail)
    await assert_full_then_recovers(journal, lambda: event.remove(journal._writing, "do_executemany", fail))


async def test_a_signer_that_is_away_fails_those_who_need_it_and_nobody_else(journal, tmp_path):
    signer = StandIn(tmp_path / "s")
    with signer.listening():
        key = SigningKey.generate(tmp_path / "key.pem", signer.place)

    async def together():
        """Everything waits in one batch; a row that needs no signature among those that do."""
        works = [
            journal.submit(Signed(key, "a")),
            journal.write(lambda connection: connection.scalar(PLAIN)),
            journal.submit(Signed(key, "b")),
        ]
        return await asyncio.gather(*works, return_exceptions=True)

    tasks = asyncio.create_task(together())
    await asyncio.sleep(0)
    journal.start()
    first, plain, last = await tasks
    assert {plain} == stored(journal) == {"plain"}
    for refusal in (first, last):
        assert isinstance(refusal, Unavailable)
        assert refusal.reason is Reason.SIGNER_AWAY
        # Where the signer listens is nothing for those who wait.
        assert str(signer.place) not in refusal.message
    assert journal.writer.failing == Reason.SIGNER_AWAY
    with signer.listening():
        assert await journal.submit(Signed(key, "a")) == "a"
    assert journal.writer.failing == ""


async def assert_full_then_recovers(journal, recover):
    works = [Put(f"{number}" * 2_000) for number in range(9)]
    answers = await journal.writer.submit_all(works)
    assert {answer.reason for answer in answers} == {Reason.DISK_FULL}
    assert journal.writer.failing == Reason.DISK_FULL
    assert stored(journal) == set()
    recover()
    assert await journal.writer.submit_all(works) == [work.series for work in works]
    assert journal.writer.failing == ""


async def test_what_is_committed_is_never_run_again(journal):
    failures = [OSError(errno.ENOSPC, "no space"), RuntimeError("bug")]

    def fail(_ledger):
        raise failures[0]

    journal.start()
    journal.after_commit = fail
    with pytest.raises(Unavailable) as caught:
        await journal.submit(Put("a"))
    assert caught.value.reason is Reason.DISK_FULL
    failures.pop(0)
    answers = await journal.writer.submit_all([Put("b"), Put("c")])
    assert [answer.reason for answer in answers] == [Reason.INTERNAL] * 2
    journal.after_commit = None
    assert await journal.submit(Put("d")) == "d"
    assert stored(journal) == {"a", "b", "c", "d"}


async def test_a_listener_that_fails_takes_nobodys_answer_and_stops_no_other(journal):
    told = []

    def fail():
        raise RuntimeError("bug")

    journal.writer.on_commit(fail)
    journal.writer.on_commit(lambda: told.append(True))
    journal.start()
    assert await journal.submit(Put("a")) == "a"
    assert await journal.writer.submit_all([Put("b"), Put("c")]) == ["b", "c"]
    await asyncio.to_thread(journal.writer.stop)
    assert stored(journal) == {"a", "b", "c"}
    assert told == [True, True]
    assert journal.writer.failing == ""


async def test_stopping_finishes_what_waits_and_takes_nothing_more(journal):
    tasks = [asyncio.create_task(journal.submit(Put(f"s{number}"))) for number in range(5)]
    await asyncio.sleep(0)
    journal.start()
    await asyncio.to_thread(journal.writer.stop)
    assert len(await asyncio.gather(*tasks)) == len(stored(journal)) == 5
    with pytest.raises(Unavailable) as caught:
        await journal.submit(Put("late"))
    assert caught.value.reason is Reason.STOPPING


async def test_one_who_has_gone_does_not_hold_up_the_others(journal):
    def ask_and_leave():
        loop = asyncio.new_event_loop()
        task = loop.create_task(journal.submit(Put("left")))
        loop.run_until_complete(asyncio.sleep(0))
        task.cancel()
        loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        loop.close()

    asking = threading.Thread(target=ask_and_leave)
    asking.start()
    await asyncio.to_thread(asking.join)
    journal.start()
    assert await journal.submit(Put("stayed")) == "stayed"
    assert stored(journal) == {"left", "stayed"}


def test_work_can_be_run_before_the_writer_starts(journal):
    assert journal.writer.run_now(Put("a")) == "a"
    with pytest.raises(Conflict):
        journal.writer.run_now(Raise(refused(), Put("b")))
    assert stored(journal) == {"a"}


def test_refusals_alone_write_nothing(hubs):
    hub = hubs[0]
    [work] = hub.checked(SENDER, issued_records(1))
    hub.journal.writer.run_now(work)

    def commits():
        return hub.journal.read_now(lambda connection: connection.scalar(select(tables.head.c.commits)))

    before = commits()
    hub.journal.writer.run_now(work)
    assert commits() == before
    assert hub.journal.court == HUB_COURT


def test_readers_read_one_moment(journal):
    """Two statements of one reader belong together, whatever is written between them."""

    def read_twice(connection):
        first = connection.scalars(select(tables.serial.c.series)).all()
        journal.writer.run_now(Put("between"))
        return first, connection.scalars(select(tables.serial.c.series)).all()

    journal.writer.run_now(Put("before"))
    assert journal.read_now(read_twice) == (["before"], ["before"])
    assert stored(journal) == {"before", "between"}
