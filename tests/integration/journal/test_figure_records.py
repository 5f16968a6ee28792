"""Records of figures kept as rows: whatever is asked, whenever it was kept, the answer is that of the pure fold."""

from random import Random

import pytest
from hypothesis import given
from sqlalchemy import select, update
from tests.integration.journal.scene import HUB_COURT, RECEIVER, SENDER
from tests.integration.journal.test_rebuild import Story, rows_of
from tests.unit.indicators.matters import random_matters

from xiezhi_desk.statistics.keeping import RecordKeeper
from xiezhi_desk.statistics.records import MatterRecords, fold_records
from xiezhi_domain.indicators.kept import decode_record, encode_record
from xiezhi_journal import tables
from xiezhi_journal.clockwork import read_clockwork
from xiezhi_journal.reading.accepted import log_size
from xiezhi_journal.rebuild import rebuild


def folded(journal, size=None):
    """The records of all matters, from their histories alone."""

    def fold(connection):
        setting = read_clockwork(connection).setting(connection, HUB_COURT)
        matters = connection.scalars(select(tables.instruction.c.instruction)).all()
        made = fold_records(connection, matters, journal.rulebooks, setting, size)
        return [each.record for each in made if each.record is not None]

    return journal.read_now(fold)


def told(tmp_path, court, url, seed):
    """A story of which *court* has its journal at *url*, and that journal."""
    urls = {name: f"sqlite:///{tmp_path / name}.db" for name in (HUB_COURT, SENDER, RECEIVER)}
    story = Story({**urls, court: url}, seed)
    [journal] = [journal for journal in story.journals if journal.court == court]
    return story, journal


def records_of(journal):
    """What is kept, without the marks: a record may be made of the same events once more."""
    return [
        (row.instruction, row.judged_by, row.last_index, row.content)
        for row in rows_of(journal, tables.figure_record)
    ]


@given(random_matters)
def test_a_record_comes_back_from_its_text(records):
    assert [decode_record(encode_record(record)) for record in records] == records


@pytest.mark.parametrize(("court", "seed"), [(HUB_COURT, 3), (SENDER, 4)])
async def test_what_is_kept_gives_what_the_histories_give(journal_url, tmp_path, court, seed):
    story, journal = told(tmp_path, court, journal_url, seed)
    random = Random(seed)
    keeper, long_lived = RecordKeeper(journal, HUB_COURT, at_once=40), MatterRecords(journal, HUB_COURT)
    for _ in range(2):
        await story.play()
        await keeper.keep_some()
        size = journal.read_now(log_size)
        for wanted in (size, random.randrange(1, size), size // 2, size - 1):
            for records in (long_lived, MatterRecords(journal, HUB_COURT)):
                snapshot = await records.read(0, wanted)
                assert (snapshot.log_size, snapshot.records) == (wanted, folded(journal, wanted))
            await keeper.keep_some()
    await keeper.keep_all()
    before = records_of(journal)
    assert len(before) > 10
    # Made again from the events alone, they say the same.
    await journal.write(lambda connection: rebuild(connection, court, journal.rulebooks))
    assert records_of(journal) == []
    await keeper.keep_all()
    assert records_of(journal) == before
    for each in story.journals:
        each.close()


async def test_what_is_kept_is_not_folded_again(journal_url, tmp_path):
    story, journal = told(tmp_path, HUB_COURT, journal_url, 5)
    await story.play()
    await RecordKeeper(journal, HUB_COURT).keep_all()
    expected = folded(journal)
    assert expected
    # Without its rulebook no history can be folded.
    journal.rulebooks.clear()
    assert (await MatterRecords(journal, HUB_COURT).read(0)).records == expected

    # What something else judged is not used.
    def judge_otherwise(connection):
        connection.execute(update(tables.figure_record).values(judged_by=b"another calendar"))

    await journal.write(judge_otherwise)
    with pytest.raises(KeyError):
        await MatterRecords(journal, HUB_COURT).read(0)
    for each in story.journals:
        each.close()
