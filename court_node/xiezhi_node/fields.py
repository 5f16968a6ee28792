"""Checking what was entered: every field that is wrong is told in one answer, each with its path in the request."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from xiezhi_domain.errors import FieldViolation, InvalidInput, Reason

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 4_000


class Fields:
    """Collects what is wrong. Nothing is raised before `require_none`."""

    def __init__(self) -> None:
        self.violations: list[FieldViolation] = []

    def add(self, field: str, message: str) -> None:
        """Note that *field* is wrong."""
        self.violations.append(FieldViolation(field, message))

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Note the fields of an `InvalidInput` raised inside; the block ends there."""
        try:
            yield
        except InvalidInput as error:
            self.violations.extend(error.fields)

    def require_none(self) -> None:
        """Let pass what is right.

        :raises InvalidInput: INVALID_FIELD with every field noted.
        """
        if not self.violations:
            return
        first = self.violations[0].message
        message = first if len(self.violations) == 1 else f"有 {len(self.violations)} 处需要修改：{first}"
        raise InvalidInput(Reason.INVALID_FIELD, message, fields=self.violations)

    # --- Single fields -----------------------------------------------------------------------------------------------

    def require_text(self, field: str, text: str, what: str, longest: int = LONGEST_LINE) -> None:
        """Note a text that is empty or too long; *what* is what people call it."""
        if not text.strip():
            self.add(field, f"请填写{what}")
        self.limit_text(field, text, longest)

    def limit_text(self, field: str, text: str, longest: int = LONGEST_LINE) -> None:
        """Note a text that is too long."""
        if len(text) > longest:
            self.add(field, f"最长 {longest} 个字")

    def require_amount(self, field: str, fen: int) -> None:
        """Note an amount of money below zero."""
        if fen < 0:
            self.add(field, "金额不能为负数")

    def require_day(self, field: str, text: str) -> None:
        """Note a day that is not written like 2026-11-22; an empty one may be."""
        try:
            good = not text or date.fromisoformat(text).isoformat() == text
        except ValueError:
            good = False
        if not good:
            self.add(field, "日期格式应为 2026-11-22")
