"""The shipped rulebook with the example overlay that lets courts of one province delegate whole cases.

The courts that tests are played with are all of one province; without it, that kind would be refused among them.
"""

from pathlib import Path

from xiezhi_domain.rulebook import load_rulebook, shipped_rulebook
from xiezhi_domain.rulebook.document import join_documents, split_documents

OVERLAY = Path(__file__).parents[1] / "examples" / "suzhou" / "rulebook" / "within_province.toml"
EXAMPLE_RULES = load_rulebook(
    join_documents(
        [
            *split_documents(shipped_rulebook().content),
            (OVERLAY.name, OVERLAY.read_text(encoding="utf-8")),
        ]
    )
)
