"""The rulebook: the law and the practice of the courts as data, with citation and a `confirmed` mark.

`data/*.toml` holds the rules, `model` their types, `load` reads and checks them. A version is immutable and
addressed by the hash of its content (protocol §10). No number of days and no role stands anywhere else.
"""

from xiezhi_domain.rulebook.load import load_rulebook, shipped_rulebook
from xiezhi_domain.rulebook.model import Citation, KindRules, Limit, Move, PaperRule, Rulebook, Side

__all__ = [
    "Citation",
    "KindRules",
    "Limit",
    "Move",
    "PaperRule",
    "Rulebook",
    "Side",
    "load_rulebook",
    "shipped_rulebook",
]
