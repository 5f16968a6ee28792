"""The court finder: by name or code, or down the tree from the province."""

from collections.abc import Collection, Iterable, Sequence

from xiezhi_client.sdk import Court
from xiezhi_domain.typed_text import half_width

MOST_FOUND = 30
"""Rows of one answer; who searches for so little types one character more."""


class Courts:
    """The courts of the directory, as one court that sends sees them."""

    def __init__(self, courts: Iterable[Court], own: str) -> None:
        """Take the directory; *own* is the court that sends, to which nothing is sent."""
        self._by_code = {each.code: each for each in courts}
        self._by_name = {each.name: each.code for each in self._by_code.values()}
        self._own = own

    def code_of(self, text: str) -> str:
        """Give the code of the court with this name or code. Raise `ValueError`."""
        asked = half_width(text.strip())
        code = asked if asked in self._by_code else self._by_name.get(text.strip(), "")
        if code:
            return code
        found = self.search(text)
        if len(found) == 1:
            return found[0].code
        raise ValueError("请从查找结果中选择一个法院" if found else "名录中没有这个法院，请核对名称或者代字")

    def code_or_text(self, text: str) -> str:
        """Give the code where it is clear which court is meant, else the text itself."""
        try:
            return self.code_of(text) if text else ""
        except ValueError:
            return text

    def name(self, text: str) -> str:
        """Give the name of a court by its code; other text as it is."""
        court = self._by_code.get(text)
        return court.name if court else text

    def search(self, text: str) -> list[Court]:
        """Give courts whose name contains each word of *text*, or whose code begins with it."""
        words = text.split()
        found = [
            each
            for each in self._by_code.values()
            if words
            and (each.code.startswith(half_width(words[0])) or all(word in _whole(each) for word in words))
        ]
        return found[:MOST_FOUND]

    def under(self, code: str) -> list[Court]:
        """Give the courts next below *code*; the highest ones for an empty code."""
        if code:
            return [each for each in self._by_code.values() if each.superior == code]
        return [each for each in self._by_code.values() if each.superior not in self._by_code]

    def way_to(self, code: str) -> list[Court]:
        """Give the court and those above it, the highest first."""
        way: list[Court] = []
        court = self._by_code.get(code)
        while court is not None and court not in way:
            way.insert(0, court)
            court = self._by_code.get(court.superior)
        return way

    def may_receive(self, court: Court) -> bool:
        """Say whether something can be sent to a court: it is on the platform, and not the sender."""
        return court.joined and court.code != self._own

    def leads_on(self, court: Court) -> bool:
        """Say whether there are courts below."""
        return any(each.superior == court.code for each in self._by_code.values())

    def under_or_start(self, code: str) -> Sequence[Court]:
        """Give the courts below *code*; at the start those beside the own one; for ``-`` the highest."""
        own = self._by_code.get(self._own)
        if code in self._by_code:
            return self.under(code)
        return self.under(own.superior) if own and not code else self.under("")

    @property
    def codes(self) -> Collection[str]:
        """The codes of all courts."""
        return self._by_code.keys()


def _whole(court: Court) -> str:
    return f"{court.name}{court.code}"
