"""Whatever a request holds, a method answers it or refuses it in words: nothing ends as an error of the program."""

import os
import random
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from tests.integration.hub.stand import new_hub
from tests.integration.node.test_joining import joined_node
from tests.integration.node.test_no_party import THIRD, desk, hire, let_in, ruled

from xiezhi_node.services import node_services

FAULTS: Final = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}
TIMES: Final = int(os.environ.get("XIEZHI_FUZZ_TIMES", "2"))
"""Requests of each kind; more where somebody has the time."""
LEFT_OUT: Final = {
    *("ExportFieldSheet", "ExportHandout", "ExportLedger", "ExportList", "MakeLetter", "MakeLetters"),
    *("MakeReceiptPaper", "PreviewTemplate", "PutTemplate", "SealDocument", "PreviewPlan", "ExportBulletin"),
    *("WatchHits", "WatchInstructions"),
}
"""What is done in helper processes, which this node has none of; what answers when something happens."""
NUMBERS: Final = (0, 1, 2, -1, 7, 31, 2**31 - 1, -(2**31))
LONG_NUMBERS: Final = (
    *NUMBERS,
    2**53,
    2**63 - 1,
    -(2**63),
    253_402_300_800,
    253_402_300_799,
    -62_135_596_801,
)
TEXTS: Final = (
    *("", " ", "测试", "\0", "苏0508", "苏0505", "FIND", "1", "-1", "\u202e", "%", "_", "'", "=1+1"),
    *(
        "2026-01-01",
        "0001-01-01",
        "9999-12-31",
        "2026-13-01",
        "24:00",
        "（2026）苏0505执1号",
        "（0000）苏0505执0号",
    ),
    *("00000000-0000-7000-8000-000000000000", "W10=", "../../etc/passwd", "9" * 5_000, "a" * 70_000),
)


def request(rng: random.Random, kind: Any, levels: int = 4) -> Any:
    """A message of a type, with something in some of its fields."""
    message = GetMessageClass(kind)()
    for field in kind.fields:
        if rng.random() < 0.25:
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue
        values = [
            value(rng, field, levels) for _ in range(rng.choice((1, 1, 2, 3)) if field.is_repeated else 1)
        ]
        for each in values:
            if field.message_type is not None:
                if levels:
                    part = getattr(message, field.name)
                    (part.add() if field.is_repeated else part).CopyFrom(each)
            elif field.is_repeated:
                getattr(message, field.name).append(each)
            else:
                setattr(message, field.name, each)
    if "request_id" in kind.fields_by_name and rng.random() < 0.95:
        message.request_id = f"{rng.random()}"
    return message


def value(rng: random.Random, field: Any, levels: int) -> Any:
    if field.message_type is not None:
        return request(rng, field.message_type, levels - 1) if levels else None
    if field.enum_type is not None:
        return rng.choice([*(each.number for each in field.enum_type.values), 999, -1])
    match field.type:
        case FieldDescriptor.TYPE_STRING:
            return rng.choice(TEXTS)
        case FieldDescriptor.TYPE_BYTES:
            return rng.choice((b"", bytes(32), b"%PDF-1.7", b"\xff" * 40))
        case FieldDescriptor.TYPE_BOOL:
            return rng.random() < 0.5
        case FieldDescriptor.TYPE_INT32:
            return rng.choice(NUMBERS)
        case FieldDescriptor.TYPE_INT64:
            return rng.choice(LONG_NUMBERS)
        case FieldDescriptor.TYPE_DOUBLE | FieldDescriptor.TYPE_FLOAT:
            return rng.choice((0.0, -1.0, float("nan"), float("inf")))
        case _:
            return rng.choice((0, 1))


async def end(channel: grpc.aio.Channel, method: MethodDescriptor, sent: bytes, who: str) -> grpc.StatusCode:
    path = f"/{method.containing_service.full_name}/{method.name}"
    shape = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
    asked = iter([sent]) if method.client_streaming else sent
    call = getattr(channel, shape)(path)(asked, metadata=(("x-caller", who),), timeout=20)
    try:
        await (call.read() if method.server_streaming else call)
    except grpc.aio.AioRpcError as error:
        return error.code()
    finally:
        call.cancel()
    return grpc.StatusCode.OK


async def test_no_request_ends_as_an_error_of_the_program(tmp_path: Path) -> None:
    rows = tomllib.loads(
        resources.files("xiezhi_node").joinpath("policy_desk.toml").read_text(encoding="utf-8")
    )
    rng, faults = random.Random(int(os.environ.get("XIEZHI_FUZZ_SEED", "1"))), []
    async with new_hub(tmp_path / "hub") as hub:
        await ruled(hub, tmp_path)
        async with joined_node(hub, THIRD, tmp_path) as node, desk(node) as channel:
            await hire(node)
            for service in node_services(node):
                for method in (each for each in service.descriptor.methods if each.name not in LEFT_OUT):
                    callers = [*let_in(rows[service.name].get(method.name, []))]
                    for _ in range(TIMES if callers else 0):
                        sent = request(rng, method.input_type)
                        code = await end(channel, method, sent.SerializeToString(), rng.choice(callers))
                        if code in FAULTS:
                            faults.append((method.full_name, str(sent)[:600]))
                            print("FAULT", method.full_name)
    assert faults == []
