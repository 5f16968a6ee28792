"""Why an event may not happen."""

from dataclasses import dataclass, field

from xiezhi_domain.errors import Reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason; `winner` is the id of the event that stands against it, if one does.

    `detail` names a field or a condition for programs, `text` says it in Chinese; `source` is the article or rule of
    the move that forbids it, empty where no single move does.
    """

    reason: Reason
    winner: str = ""
    detail: str = ""
    text: str = field(default="", compare=False)
    source: str = field(default="", compare=False)
