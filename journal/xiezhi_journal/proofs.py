"""Events and their proofs between rows, messages and domain objects."""

from xiezhi.v1 import document_pb2, event_pb2
from xiezhi_domain.evidence.parts import ErasedPart, Part, commitment
from xiezhi_domain.evidence.push import PushProof


def encode_push(proof: PushProof) -> bytes:
    """Return a push proof as it is stored and sent."""
    return event_pb2.PushProof(
        court=proof.court,
        key_id=proof.key_id,
        first_position=proof.first_position,
        count=proof.count,
        root=proof.root,
        signature=proof.signature,
        index=proof.index,
        path=proof.path,
    ).SerializeToString()


def push_proof(message: event_pb2.PushProof) -> PushProof:
    """Return the push proof of a message; nothing is checked."""
    return PushProof(
        message.court,
        message.key_id,
        message.first_position,
        message.count,
        message.root,
        message.signature,
        message.index,
        tuple(message.path),
    )


def body_parts(body: event_pb2.Body) -> list[Part | ErasedPart]:
    """Return the parts of a body.

    :raises FormatError: a part that cannot be one.
    """
    return [
        ErasedPart(part.name, part.erased_hash)
        if part.erased_hash
        else Part(part.name, part.salt, part.content)
        for part in body.parts
    ]


def body_commitment(body: event_pb2.Body) -> str:
    """Return the commitment to a body in hex, as headers carry it.

    :raises FormatError: a part that cannot be one, or two of one name.
    """
    return commitment(body_parts(body)).hex()


def part_content(body: event_pb2.Body, name: str) -> bytes:
    """Return the bytes of a part; empty if there is none or it was erased."""
    return next((part.content for part in body.parts if part.name == name), b"")


def named_documents(body: event_pb2.Body) -> tuple[document_pb2.Document, ...]:
    """Return the documents that an event names."""
    content = part_content(body, "documents")
    return tuple(event_pb2.DocumentList.FromString(content).documents) if content else ()
