"""What the open overlays of a matter say beyond their names: marks beside the state, decisions that it waits for.

Both are properties of an overlay in the rulebook that the matter pins, so that no code names an overlay.
"""

from collections.abc import Iterable

from xiezhi_domain.rulebook.model import KindRules
from xiezhi_domain.terms import Appeal, Mark


def marks_of(overlays: Iterable[str], rules: KindRules) -> tuple[Mark, ...]:
    """Return the marks of open *overlays* in the order of the vocabulary, each once."""
    return tuple(sorted({mark for name in overlays if (mark := rules.overlays[name].mark)}, key=_MARKS.index))


def appeals_of(overlays: Iterable[str], rules: KindRules) -> tuple[Appeal, ...]:
    """Return the decisions of the superior that open *overlays* wait for, likewise."""
    return tuple(
        sorted({appeal for name in overlays if (appeal := rules.overlays[name].appeal)}, key=_APPEALS.index)
    )


_MARKS = list(Mark)
_APPEALS = list(Appeal)
