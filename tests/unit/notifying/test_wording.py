"""The words of notifications: what they may say, and what a court may change."""

from dataclasses import fields, replace

import pytest

from xiezhi_desk.notifying.facts import CONFIDENTIAL_TEXT, EXAMPLE, Facts
from xiezhi_desk.notifying.wording import LONGEST, Texts, Wording
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import NotificationChannel, NotificationKind

SHIPPED = Wording({})


@pytest.mark.parametrize("kind", NotificationKind)
@pytest.mark.parametrize("channel", NotificationChannel)
def test_every_kind_has_words_for_every_channel(kind: NotificationKind, channel: NotificationChannel) -> None:
    told = SHIPPED.tell(replace(EXAMPLE, kind=kind), channel)
    assert EXAMPLE.number in told.text
    assert bool(told.subject) == (channel is NotificationChannel.EMAIL)
    assert len(told.text) <= LONGEST["email" if channel is NotificationChannel.EMAIL else "sms"]


@pytest.mark.parametrize("kind", NotificationKind)
@pytest.mark.parametrize("channel", NotificationChannel)
def test_of_a_confidential_matter_nothing_is_said(
    kind: NotificationKind, channel: NotificationChannel
) -> None:
    wording = Wording({kind: Texts(sms="{{ number }}", subject="{{ number }}", email="{{ number }}")})
    facts = replace(EXAMPLE, kind=kind, confidential=True)
    told = wording.tell(facts, channel)
    assert (told.subject, told.text) == (CONFIDENTIAL_TEXT, CONFIDENTIAL_TEXT)
    content = facts.for_webhook("id", "苏0508", 0, told.text)
    assert set(content) == {"id", "court", "at", "type", "text"}
    assert content["type"] == "notification.confidential"


def test_templates_see_number_step_and_limit_and_nothing_else() -> None:
    assert set(EXAMPLE.for_template()) == {"kind", "number", "step", "limit", "due", "urgent"}
    assert {field.name for field in fields(Facts)} == {
        *("kind", "instruction", "number", "step", "limit", "due_at", "urgent", "confidential")
    }


def test_an_urgent_matter_asks_for_the_call() -> None:
    facts = replace(EXAMPLE, kind=NotificationKind.ARRIVED)
    assert "短信不代替电话" in SHIPPED.tell(facts, NotificationChannel.SMS).text
    assert "电话" not in SHIPPED.tell(replace(facts, urgent=False), NotificationChannel.SMS).text


def test_a_court_replaces_one_text_and_keeps_the_others() -> None:
    wording = Wording({NotificationKind.RETURNED: Texts(sms="本院：{{ number }} {{ step }}")})
    facts = replace(EXAMPLE, kind=NotificationKind.RETURNED)
    assert wording.tell(facts, NotificationChannel.SMS).text == f"本院：{facts.number} {facts.step}"
    assert wording.tell(facts, NotificationChannel.EMAIL) == SHIPPED.tell(facts, NotificationChannel.EMAIL)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ subject_name }}", "未知字段"),
        ("{{ number.__class__.__mro__ }}", ""),
        ("{% include 'x' %}", ""),
        ("{{ number", "第 1 行"),
        ("联系人 10000000000", "长数字"),
        ("长" * 301, "最长"),
        ("{% if not number %}x{% endif %}", "没有内容"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_where_it_stands(template: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Wording({NotificationKind.RETURNED: Texts(sms=template)})
    assert refused.value.fields[0].field == "texts.RETURNED.sms"
    assert said in refused.value.fields[0].message


def test_a_template_that_fails_on_a_matter_leaves_nobody_untold() -> None:
    wording = Wording(
        {NotificationKind.RETURNED: Texts(sms="{{ step }}{% if not step %}{{ 1 / 0 }}{% endif %}")}
    )
    facts = replace(EXAMPLE, kind=NotificationKind.RETURNED, step="")
    assert wording.tell(facts, NotificationChannel.SMS) == SHIPPED.tell(facts, NotificationChannel.SMS)


def test_a_subject_has_one_line() -> None:
    with pytest.raises(InvalidInput, match="一行"):
        Wording({NotificationKind.RETURNED: Texts(subject="{{ number }}\nBcc: somebody")})
