"""How the reason of an urgent order is typed."""

import pytest

from xiezhi_client.typed.reasons import urgency


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("发现被执行人下落", "SUBJECT_SEEN", ""),
        ("发现被执行人下落：今晚在家", "SUBJECT_SEEN", "今晚在家"),
        ("SAFETY: 有人受伤", "SAFETY", "有人受伤"),
        ("被执行人即将离境", "OTHER", "被执行人即将离境"),
        ("其他：另有线索：见附件", "OTHER", "另有线索：见附件"),
    ],
)
def test_a_reason_of_the_rulebook_is_its_code_any_other_is_told_in_words(
    typed: str, code: str, words: str
) -> None:
    assert urgency(typed) == {"urgency": "URGENT", "urgency_code": code, "urgency_reason": words}


def test_nothing_typed_is_not_urgent() -> None:
    assert urgency(" ") == {}
