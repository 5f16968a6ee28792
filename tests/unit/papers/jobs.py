"""Jobs that helper processes are given in tests."""

import os
import signal

from xiezhi_domain.errors import InvalidInput


def process(_: str) -> int:
    return os.getpid()


def environment(name: str) -> str:
    return os.environ.get(name, "")


def refuse(field: str) -> str:
    raise InvalidInput.in_field(field, "填写有误")


def fail(_: str) -> str:
    raise RuntimeError("a library's own error")


def die(_: str) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def run_for_ever(_: str) -> str:
    while True:
        pass
