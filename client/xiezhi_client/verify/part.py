"""Showing one part of what an event says, without the others, and checking such a file (protocol §1, ADR 0013)."""

from dataclasses import replace
from typing import Final

from google.protobuf.json_format import MessageToJson, SerializeToJsonError
from google.protobuf.message import DecodeError, Message

from xiezhi.v1 import case_pb2, event_pb2, item_pb2, party_pb2
from xiezhi.v1.evidence_service_pb2 import PartProof as PartMessage
from xiezhi_client.sdk.records.event import Body, BodyPart
from xiezhi_client.sdk.records.evidence import EvidenceReceipt, PartProof
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.receipt import VerifiedReceipt, check_receipt
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.parts import ErasedPart, Part, part_path, verify_part

PART_SUFFIX: Final = ".part"
_MESSAGES: Final[dict[str, type[Message]]] = {
    "actor": event_pb2.Actor,
    "approval": event_pb2.ApprovalRecord,
    "assignment": event_pb2.Assignment,
    "case": case_pb2.Case,
    "documents": event_pb2.DocumentList,
    "item": item_pb2.Item,
    "outcomes": event_pb2.OutcomeList,
    "prose": event_pb2.Prose,
    "subject": party_pb2.Subject,
}


def show_part(receipt: EvidenceReceipt, body: Body, name: str) -> PartProof:
    """Return what proves that the event of *receipt* says the part *name* of its *body*, and nothing of the others.

    :raises FormatError: there is no such part, or it was erased.
    """
    names = [part.name for part in body.parts]
    if name not in names:
        raise FormatError(f"这一步骤没有内容部分 {name}，有：{'、'.join(names)}")
    index = names.index(name)
    part = body.parts[index]
    if part.erased_hash:
        raise FormatError(f"内容部分 {name} 已依令清除，不能再出示")
    path = tuple(part_path([_part(each) for each in body.parts], index))
    return PartProof(receipt=receipt, part=part, index=index, count=len(names), path=path)


def parse_part(data: bytes) -> PartProof:
    """Return the proof that `xiezhi part` saved.

    :raises FormatError: it is something else.
    """
    try:
        return PartProof.from_proto(PartMessage.FromString(data))
    except DecodeError:
        raise FormatError("不是单项内容证明文件（.part）") from None


def check_part(proof: PartProof, pins: Pins) -> VerifiedReceipt:
    """Return what *proof* proves under *pins*: the event, and that its body says this part.

    :raises FormatError: something is missing or malformed.
    :raises ProofError: the receipt does not hold, or the part belongs to another body or place.
    """
    if proof.receipt is None or proof.part is None:
        raise FormatError("单项内容证明缺少回执或内容")
    shown = _part(proof.part)
    if isinstance(shown, ErasedPart):
        raise FormatError("单项内容证明中没有内容")
    verified = check_receipt(proof.receipt, pins)
    verify_part(shown, proof.index, proof.count, proof.path, bytes.fromhex(verified.header.body))
    return replace(verified, part=proof.part)


def words_of(part: BodyPart) -> str:
    """Return what a part says as people can read it: JSON, or hex where its kind is not known."""
    kind = _MESSAGES.get(part.name.partition("/")[0])
    try:
        if kind is not None:
            message = kind.FromString(part.content)
            return MessageToJson(message, ensure_ascii=False, indent=None, preserving_proto_field_name=True)
    except (DecodeError, SerializeToJsonError):
        # Not such a message, or one with a time that no calendar has.
        pass
    return part.content.hex()


def _part(part: BodyPart) -> Part | ErasedPart:
    if part.erased_hash:
        return ErasedPart(part.name, part.erased_hash)
    return Part(part.name, part.salt, part.content)
