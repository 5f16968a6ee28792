"""What `CaseService` works with beside the cases themselves, and the tasks that keep it going."""

from dataclasses import dataclass
from typing import Self

from xiezhi_desk.documents.documents import Documents
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.signal import Signal
from xiezhi_node.cases.dossier import Dossier
from xiezhi_node.cases.feedback import FeedbackPusher
from xiezhi_node.cases.related import RelatedCases
from xiezhi_node.cases.source import CaseSource
from xiezhi_node.cases.watching import CaseWatcher
from xiezhi_node.seat import Seat


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """The case source and what uses it."""

    source: CaseSource
    dossier: Dossier
    watcher: CaseWatcher
    feedback: FeedbackPusher
    related: RelatedCases

    @classmethod
    def around(
        cls,
        journal: Journal,
        seat: Seat,
        source: CaseSource,
        documents: Documents,
        hub: HubChannel,
        commits: Signal,
    ) -> Self:
        """Return the desk around a case source; nothing runs yet."""
        return cls(
            source=source,
            dossier=Dossier(journal, source, documents),
            watcher=CaseWatcher(journal, seat, source),
            feedback=FeedbackPusher(journal, source, commits),
            related=RelatedCases(journal, source, hub),
        )
