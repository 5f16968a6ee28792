"""Keys of a log that follow each other under one origin (protocol §6).

A change is a signed note whose text is ``xiezhi/log-key/v1``, the origin, and the verifier key that follows, a line
each. The key before signs it, and the one that follows, which shows that it is in the same hands. It can be taken for
no checkpoint: the second line of one is a number.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.note import Note, SignatureCheck, VerifierKey, open_note

_FORMAT: Final = "xiezhi/log-key/v1"


def change_text(new: VerifierKey) -> str:
    """Return the text by which *new* follows another key of the log that it names."""
    return f"{_FORMAT}\n{new.name}\n{new.format()}\n"


def follow_changes(
    known: Sequence[VerifierKey], changes: Iterable[bytes], verify: SignatureCheck
) -> tuple[VerifierKey, ...]:
    """Return *known* and the keys that follow from them by *changes*, oldest first; what does not is left out.

    :raises FormatError: a change is no signed note of this kind.
    :raises ProofError: a signature by a known key is false.
    """
    followed = list(known)
    for data in changes:
        new = _new_key(Note.parse(data))
        try:
            signed_by = open_note(data, {*followed, new}, verify).signed_by
        except ProofError:
            if any(line.key_id == key.key_id for key in followed for line in Note.parse(data).signatures):
                raise
            continue
        if new in signed_by and any(key in followed and key.name == new.name for key in signed_by):
            followed += [new] if new not in followed else []
    return tuple(followed)


def _new_key(note: Note) -> VerifierKey:
    kind, origin, vkey, *rest = [*note.text.split("\n"), "", ""][:5]
    new = VerifierKey.parse(vkey)
    if kind != _FORMAT or new.name != origin or any(rest) or note.text != change_text(new):
        raise FormatError("不是平台日志更换密钥的声明")
    return new
