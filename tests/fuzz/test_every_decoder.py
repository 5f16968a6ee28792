"""Whatever is sent, its reader answers with a value or in words (`make fuzz` tries the same for minutes)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.decoder import Decoder
from tests.fuzz.found import FOUND
from tests.fuzz.table import DECODERS
from tests.fuzz.undecoded import NO_DECODERS, readers

FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("decoder", DECODERS, ids=lambda decoder: decoder.names[0])
@FEW
@given(data=st.data())
def test_whatever_comes_is_read_or_refused_in_words(decoder: Decoder, data: st.DataObject) -> None:
    decoder.takes(data.draw(decoder.inputs))


@pytest.mark.parametrize("decoder", DECODERS, ids=lambda decoder: decoder.names[0])
def test_the_samples_are_good(decoder: Decoder) -> None:
    assert [sample for sample in decoder.samples if decoder.takes(sample) != decoder.good] == []


def test_every_reader_has_a_row() -> None:
    rows = [name for decoder in DECODERS for name in decoder.names]
    assert sorted({name for name in rows if rows.count(name) > 1}) == [], "rows for one reader stand together"
    assert sorted(readers() - {*rows, *NO_DECODERS}) == [], "add it to tests/fuzz/table.py"
    assert sorted(NO_DECODERS.keys() - readers()) == [], "no reader any more"


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_is_read_or_refused_in_words(name: str) -> None:
    [decoder] = [each for each in DECODERS if each.names[0] == name]
    for data in FOUND[name]:
        decoder.takes(data)
