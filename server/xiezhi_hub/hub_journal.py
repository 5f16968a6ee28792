"""The journal of a hub: every transaction that rules extends the log and signs one checkpoint (protocol §3)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from xiezhi_journal.journal import Clock, Journal, system_clock
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.translog import LogSigner, extend_log


class HubJournal(Journal):
    """A journal with a transparency log, signed by *signer*."""

    def __init__(
        self, url: str, *, court: str, key: SigningKey, signer: LogSigner, clock: Clock = system_clock
    ) -> None:
        super().__init__(url, court=court, key=key, clock=clock)
        self.signer = signer

    @contextmanager
    def open_ledger(self) -> Iterator[Ledger]:
        """Begin a transaction of the writer; what it rules is in the log when it is committed."""
        with super().open_ledger() as ledger:
            ledger.before_flush(partial(extend_log, signer=self.signer))
            yield ledger
