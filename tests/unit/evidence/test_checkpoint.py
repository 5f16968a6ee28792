import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.merkle import EMPTY_ROOT, leaf_hash

ROOT = leaf_hash(b"one")
ROOT_TEXT = "vfB63cnhLSPGwtlZlBY2r9MvKf/mCoM4l0yfWGCz7RM="


def test_the_text_is_pinned():
    assert Checkpoint("log.example/hub", 1, bytes(range(32))).format() == (
        "log.example/hub\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    )


@given(
    st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40),
    st.integers(1, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_checkpoints_round_trip(origin, size, root):
    checkpoint = Checkpoint(origin, size, root)
    assert Checkpoint.parse(checkpoint.format()) == checkpoint


def test_an_empty_tree_has_the_empty_root():
    empty = Checkpoint("a", 0, EMPTY_ROOT)
    assert Checkpoint.parse(empty.format()) == empty
    with pytest.raises(FormatError, match="空日志"):
        Checkpoint("a", 0, ROOT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a\n1\n",
        f"a\n1\n{ROOT_TEXT}",
        f"a\n1\n{ROOT_TEXT}\nextension\n",
        f"a\n1\n{ROOT_TEXT}\n\n",
        f"\n1\n{ROOT_TEXT}\n",
        f"a\n\n{ROOT_TEXT}\n",
        f"a\n01\n{ROOT_TEXT}\n",
        f"a\n-1\n{ROOT_TEXT}\n",
        f"a\n{2**63}\n{ROOT_TEXT}\n",
        f"a\n1\n{ROOT_TEXT[:-1]}\n",
        "a\n1\nAAAA\n",
        f"a\r\n1\n{ROOT_TEXT}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(FormatError):
        Checkpoint.parse(text)
