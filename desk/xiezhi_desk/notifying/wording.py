"""The words of notifications: templates by kind and channel, in the sandbox of the letters (ADR 0004)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

import structlog
from pydantic import BaseModel, ConfigDict

from xiezhi_desk.notifying.facts import CONFIDENTIAL_TEXT, EXAMPLE, Facts
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import NotificationChannel, NotificationKind
from xiezhi_papers.letters.sandbox import environment, explaining, names_in, require_known

_log = structlog.get_logger(__name__)

LONGEST: Final = {"sms": 300, "subject": 150, "email": 4_000}
_PERSONAL: Final = re.compile(r"\d{11,}")
"""As long as a mobile number, or an identity number: no text has a reason to hold one."""


class Texts(BaseModel):
    """The templates of one kind; empty: that of the default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sms: str = ""
    subject: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The words of one notification; the subject is an e-mail's."""

    subject: str
    text: str


class Wording:
    """The templates in force at one court."""

    def __init__(self, texts: Mapping[NotificationKind, Texts]) -> None:
        """Take *texts* in place of those that ship.

        :raises InvalidInput: a template is wrong; names the field and what to do.
        """
        shipped, default = _shipped()
        for kind, each in texts.items():
            _check(f"texts.{kind}", each)
        self._own = texts
        self._shipped = {kind: _over(default, shipped.get(kind)) for kind in NotificationKind}

    def tell(self, facts: Facts, channel: NotificationChannel) -> Told:
        """Return the words of *facts*; a webhook is told those of an SMS."""
        if facts.confidential:
            return Told(CONFIDENTIAL_TEXT, CONFIDENTIAL_TEXT)
        if channel is NotificationChannel.EMAIL:
            return Told(self._text("subject", facts), self._text("email", facts))
        return Told("", self._text("sms", facts))

    def _text(self, name: str, facts: Facts) -> str:
        """Return one text; where the court's own cannot be filled in, nobody is left untold: the next one holds."""
        own = self._own.get(facts.kind, Texts())
        for texts in (own, self._shipped[facts.kind]):
            template: str = getattr(texts, name)
            if template:
                try:
                    return _filled(name, template, facts)
                except InvalidInput as error:
                    _log.warning(
                        "notification_text_not_filled_in", kind=facts.kind, text=name, reason=error.reason
                    )
        return CONFIDENTIAL_TEXT


def _shipped() -> tuple[dict[NotificationKind, Texts], Texts]:
    text = resources.files("xiezhi_desk.notifying").joinpath("wording.toml").read_text(encoding="utf-8")
    found = {name: Texts(**table) for name, table in tomllib.loads(text).items()}
    default = found.pop("default")
    return {NotificationKind(name): each for name, each in found.items()}, default


def _over(shipped: Texts, own: Texts | None) -> Texts:
    return shipped.model_copy(update=own.model_dump(exclude_defaults=True)) if own else shipped


def _check(field: str, texts: Texts) -> None:
    known = EXAMPLE.for_template()
    for name, template in texts.model_dump(exclude_defaults=True).items():
        where = f"{field}.{name}"
        with explaining(where):
            names = names_in(template)
        require_known(names, known, where)
        if not _filled(name, template, EXAMPLE, where):
            raise InvalidInput.in_field(where, "模板没有内容")


def _filled(name: str, template: str, facts: Facts, where: str = "") -> str:
    """Return a template filled in, no longer than its channel takes.

    :raises InvalidInput: it cannot be, or would hold a long number.
    """
    field = where or name
    with explaining(field):
        text = environment(autoescape=False).from_string(template).render(facts.for_template()).strip()
    if len(text) > LONGEST[name]:
        raise InvalidInput.in_field(field, f"内容最长 {LONGEST[name]} 个字符")
    if _PERSONAL.search(text.replace(facts.number, "")):
        raise InvalidInput.in_field(field, "内容不得含有证件号、手机号等长数字")
    if name == "subject" and len(text.splitlines()) > 1:
        raise InvalidInput.in_field(field, "主题只能有一行")
    return text
