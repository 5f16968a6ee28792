"""The ladder: what an event does to a matter, and which events a court may make.

`fold` is what happened, `decide` is what may happen; both are pure and read every rule from the pinned rulebook,
so that the same history gives the same state at every court and at the hub.
"""

from xiezhi_domain.ladder.decide import Footing, Standing, decide
from xiezhi_domain.ladder.facts import IssuedFacts, issued_facts
from xiezhi_domain.ladder.fold import fold
from xiezhi_domain.ladder.instruction import FINAL_STATES, Instruction, Result, Step
from xiezhi_domain.ladder.refusal import Refusal

__all__ = [
    "FINAL_STATES",
    "Footing",
    "Instruction",
    "IssuedFacts",
    "Refusal",
    "Result",
    "Standing",
    "Step",
    "decide",
    "fold",
    "issued_facts",
]
