"""Consents by word of mouth and the superior's refusal of a transfer on the command line: both forms, wrong words."""

import json
from typing import Any

import pytest
from tests.integration.client.conftest import Terminal
from tests.integration.client.fake_node import LOGIN
from tests.integration.client.test_commands import drafted

from xiezhi_domain.terms import Action

BY_PHONE = ("--from", LOGIN, "--how", "电话", "--opinion", "先行推送")


def arrived(xiezhi: Terminal, matter: str) -> tuple[str, Any]:
    last = xiezhi.json("show", matter)["timeline"][-1]
    return last["kind"], json.loads(last["text"])


def test_who_consented_is_named_as_people_name_him(xiezhi: Terminal) -> None:
    matter = drafted(xiezhi)
    account = xiezhi.json("whoami")["account"]["account_id"]
    # Without a time it was now, which the node fills in.
    said = xiezhi("oral-consent", matter, *BY_PHONE).stdout
    assert said.startswith(f"{Action.RECORD_CONSENT.zh}：")
    stated = {"approver_account_id": account, "manner": "电话", "opinion": "先行推送"}
    assert arrived(xiezhi, matter) == ("RecordConsent", stated)
    receipt = xiezhi.json("oral-consent", matter, *BY_PHONE, "--at", "2026-01-05 21:30")
    assert receipt["instruction_id"] == matter
    assert arrived(xiezhi, matter) == ("RecordConsent", {**stated, "consented_at": "2026-01-05T13:30:00Z"})


def test_it_is_put_in_writing(xiezhi: Terminal) -> None:
    matter = drafted(xiezhi)
    said = xiezhi("write-consent", matter, "--opinion", "同意").stdout
    assert said.startswith(f"{Action.WRITE_CONSENT.zh}：")
    assert xiezhi.json("write-consent", matter, "--opinion", "同意")["pending"] is True
    assert arrived(xiezhi, matter) == ("WriteConsent", {"opinion": "同意"})


def test_the_superior_leaves_the_sending_court_as_it_is(xiezhi: Terminal) -> None:
    matter = drafted(xiezhi)
    words = ("superior", "refuse-transfer", matter, "--reason", "未提交相应裁定或决定", "--text", "请补")
    assert xiezhi(*words).stdout.startswith(f"{Action.REFUSE_TRANSFER.zh}：")
    assert xiezhi.json(*words)["instruction_id"] == matter
    assert arrived(xiezhi, matter) == ("RefuseTransfer", {"reason": "RULING_MISSING", "text": "请补"})


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("oral-consent {matter} --from nobody --how 电话", 1, "没有这个承办人"),
        (f"oral-consent {{matter}} --from {LOGIN} --how 电话 --at 昨晚", 2, "2026-01-05 09:30"),
        (f"oral-consent {{matter}} --from {LOGIN}", 2, "--how"),
        ("write-consent {matter}", 2, "--opinion"),
        ("write-consent 苏0591委〔2026〕9999号 --opinion 同意", 1, "找不到该事项"),
        ("superior refuse-transfer {matter} --reason 其他", 2, "--text"),
        ("superior refuse-transfer 苏0591委〔2026〕9999号 --reason 其他 --text 好", 1, "找不到该事项"),
    ],
)
def test_what_is_typed_wrong_is_told(xiezhi: Terminal, words: str, code: int, told: str) -> None:
    typed = words.format(matter=drafted(xiezhi)).split()
    for form in ((), ("--json",)):
        refused = xiezhi(*typed, *form, code=code)
        assert told in refused.stderr
        assert refused.stdout == ""
