"""What has arrived, in order; what comes again with a key that is known is told from what is new."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from xiezhi_domain.terms import NotificationChannel


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message as it came. `verified` says whether a webhook's signature holds; None for what is not signed."""

    channel: NotificationChannel
    key: str
    address: str
    text: str
    verified: bool | None = None
    again: bool = False

    def line(self) -> str:
        """Return what a person is shown."""
        signature = {None: "", True: "（签名有效）", False: "（签名无效）"}[self.verified]
        return (
            f"{self.channel.zh}{signature} → {self.address}{'（重复）' if self.again else ''}\n  {self.text}"
        )


Show = Callable[[Arrival], None]


@dataclass
class Arrivals:
    """Keeps what arrives and shows it; *file* gets one JSON object a line."""

    show: Show = lambda _arrival: None
    file: Path | None = None
    taken: list[Arrival] = field(default_factory=list)
    failing: int = 0
    """How many of the next messages are refused, as by a gateway that is out of order."""

    def takes(self) -> bool:
        """Say whether the next message is taken."""
        if self.failing:
            self.failing -= 1
            return False
        return True

    def add(self, arrival: Arrival) -> None:
        """Take a message."""
        seen = {(each.channel, each.key) for each in self.taken}
        new = replace(arrival, again=(arrival.channel, arrival.key) in seen)
        self.taken.append(new)
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(new), ensure_ascii=False) + "\n")
        self.show(new)
