"""How a program beside the node has answered since the node has started; in memory, for those who look after it."""

from dataclasses import dataclass

from xiezhi_domain.errors import DomainError, Unavailable


@dataclass(slots=True)
class Answering:
    """Times are in ms since 1970, 0: never. A refusal is an answer too; `failures` counts those in a row."""

    answered_at: int = 0
    failed_at: int = 0
    problem: str = ""
    failures: int = 0

    def answered(self, now: int) -> None:
        """Note that the program has answered."""
        self.answered_at, self.failures = now, 0

    def note(self, error: DomainError, now: int) -> None:
        """Note what an error says: that nothing came, or an answer that somebody does not like."""
        if isinstance(error, Unavailable):
            self.failed_at, self.problem, self.failures = now, error.message, self.failures + 1
        else:
            self.answered(now)
