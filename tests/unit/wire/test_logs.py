"""Log lines are JSON, with the request's id, from our code and from libraries alike."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from xiezhi_wire.logs import configure_logs


@pytest.fixture
def restored() -> Iterator[None]:
    """Leaves logging as it was: the configuration is the process's."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("restored")
def test_lines_are_json_with_what_is_bound(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger("ours").info("call", court="苏0508")
        logging.getLogger("theirs").warning("slow by %d ms", 7)
        structlog.get_logger("ours").debug("not shown")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["court"], ours["request_id"], ours["level"]) == (
        "call",
        "苏0508",
        "r-1",
        "info",
    )
    assert (theirs["event"], theirs["logger"], theirs["request_id"]) == ("slow by 7 ms", "theirs", "r-1")


@pytest.mark.usefixtures("restored")
def test_an_exception_is_one_line_without_the_values_at_hand(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")
    personal = "3205" + "00189901010016"
    try:
        try:
            [].index(personal)
        except ValueError as error:
            error.add_note("张三")
            raise ExceptionGroup("two at once", [error, KeyError(personal)]) from None
    except ExceptionGroup:
        structlog.get_logger("ours").exception("unexpected_error")
    text = capsys.readouterr().err
    assert personal not in text
    assert "张三" not in text
    line = json.loads(text)
    [group] = line["exception"]
    assert group["exc_type"] == "ExceptionGroup"
    assert [each[0]["exc_value"] for each in group["exceptions"]] == ["'*' is not in list", "'*'"]


@pytest.mark.usefixtures("restored")
def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        configure_logs("LOUD")
