"""Cosignatures, and the checkpoint that a reader opens with its pinned log and witness keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.evidence.signing import SigningKey, verify

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import (
    Cosignature,
    cosign,
    cosigned_message,
    open_cosignatures,
    split_timestamp,
)
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.note import Note, NoteSignature, VerifierKey, sign
from xiezhi_domain.evidence.trust import TrustedLog

HUB = SigningKey("log.example/hub", 1)
NEW_HUB = SigningKey("log.example/hub", 2)
WITNESSES = [SigningKey(f"court.example/w{seed}", seed) for seed in (11, 12, 13)]
CHECKPOINT = Checkpoint("log.example/hub", 3, bytes(range(32)))
TIME = 1767225600


def cosigned_by(*witnesses, checkpoint=CHECKPOINT, time=TIME):
    log_line = sign(checkpoint.format(), HUB.name, HUB.log_key.key_id, HUB.sign)
    lines = [cosign(checkpoint, witness.witness_key, time, witness.sign) for witness in witnesses]
    return Note(checkpoint.format(), (log_line, *lines))


def pinned(*witnesses, origin=CHECKPOINT.origin, log_keys=(HUB.log_key,)):
    return TrustedLog(origin, log_keys, tuple(witness.witness_key for witness in witnesses))


def test_the_cosigned_message_is_pinned():
    assert cosigned_message(CHECKPOINT, TIME) == (
        b"cosignature/v1\ntime 1767225600\nlog.example/hub\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    )


def test_a_cosignature_line_is_time_and_signature():
    line = cosign(CHECKPOINT, WITNESSES[0].witness_key, TIME, WITNESSES[0].sign)
    raw = WITNESSES[0].sign(cosigned_message(CHECKPOINT, TIME))
    assert line.signature == bytes.fromhex("000000006955b900") + raw
    assert split_timestamp(line.signature) == (TIME, raw)


def test_known_witnesses_are_counted_and_unknown_ones_ignored():
    known = [witness.witness_key for witness in WITNESSES[:2]]
    found = open_cosignatures(cosigned_by(*WITNESSES), known, verify)
    assert found == (Cosignature(known[0], TIME), Cosignature(known[1], TIME))
    assert open_cosignatures(cosigned_by(), known, verify) == ()


def test_a_witness_counts_once_with_its_latest_time():
    early, late = (cosigned_by(WITNESSES[0], time=TIME + delay).signatures[1] for delay in (0, 9))
    note = Note(CHECKPOINT.format(), (late, early))
    key = WITNESSES[0].witness_key
    assert open_cosignatures(note, [key], verify) == (Cosignature(key, TIME + 9),)


def test_one_public_key_is_no_two_witnesses():
    first = WITNESSES[0].witness_key
    second = VerifierKey("court.example/again", first.signature_type, first.public_key)
    with pytest.raises(FormatError, match="同一公钥"):
        open_cosignatures(cosigned_by(WITNESSES[0]), [first, second], verify)


@pytest.mark.parametrize(
    "checkpoint", [Checkpoint("other", 3, CHECKPOINT.root), Checkpoint("log.example/hub", 4, CHECKPOINT.root)]
)
def test_a_cosignature_of_another_checkpoint_is_refused(checkpoint):
    stolen = cosigned_by(WITNESSES[0], checkpoint=checkpoint).signatures[1]
    note = Note(CHECKPOINT.format(), (stolen,))
    with pytest.raises(ProofError, match="见证签名不成立"):
        open_cosignatures(note, [WITNESSES[0].witness_key], verify)


def test_a_changed_time_is_refused():
    line = cosigned_by(WITNESSES[0]).signatures[1]
    changed = NoteSignature(line.name, line.key_id, line.signature[:7] + b"\x01" + line.signature[8:])
    with pytest.raises(ProofError):
        open_cosignatures(Note(CHECKPOINT.format(), (changed,)), [WITNESSES[0].witness_key], verify)


@pytest.mark.parametrize("signature", [b"1", bytes(64), bytes(71), bytes(73), b"\x80" + bytes(71)])
def test_malformed_cosignatures_of_a_known_witness_are_refused(signature):
    key = WITNESSES[0].witness_key
    note = Note(CHECKPOINT.format(), (NoteSignature(key.name, key.key_id, signature),))
    with pytest.raises(FormatError):
        open_cosignatures(note, [key], verify)


def test_only_checkpoints_have_cosignatures():
    text = CHECKPOINT.format() + "extension\n"
    note = Note(text, (sign(text, HUB.name, HUB.log_key.key_id, HUB.sign),))
    with pytest.raises(FormatError):
        open_cosignatures(note, [], verify)


def test_a_log_key_does_not_cosign():
    with pytest.raises(FormatError):
        cosign(CHECKPOINT, HUB.log_key, TIME, HUB.sign)


@pytest.mark.parametrize("time", [-1, 2**63])
def test_times_out_of_range_are_refused(time):
    with pytest.raises(FormatError):
        cosign(CHECKPOINT, WITNESSES[0].witness_key, time, WITNESSES[0].sign)


class TestTrustedLog:
    def test_it_opens_its_own_checkpoint(self):
        opened = pinned(*WITNESSES).open(cosigned_by(*WITNESSES[:2]).format(), verify)
        assert opened.checkpoint == CHECKPOINT
        assert opened.signed_by == (HUB.log_key,)
        assert [cosignature.witness.name for cosignature in opened.cosignatures] == [
            "court.example/w11",
            "court.example/w12",
        ]

    def test_while_the_log_key_rotates_either_key_opens_it(self):
        note = cosigned_by()
        new_line = sign(note.text, NEW_HUB.name, NEW_HUB.log_key.key_id, NEW_HUB.sign)
        both = Note(note.text, (*note.signatures, new_line)).format()
        assert pinned(log_keys=(NEW_HUB.log_key,)).open(both, verify).signed_by == (NEW_HUB.log_key,)
        keys = HUB.log_key, NEW_HUB.log_key
        assert pinned(log_keys=keys).open(both, verify).signed_by == keys

    def test_cosignatures_do_not_replace_the_logs_own_signature(self):
        note = cosigned_by(*WITNESSES)
        without_log = Note(note.text, note.signatures[1:]).format()
        with pytest.raises(ProofError, match="没有任何已知密钥"):
            pinned(*WITNESSES).open(without_log, verify)

    def test_another_logs_checkpoint_is_refused_even_if_the_key_is_the_same(self):
        with pytest.raises(ProofError, match="而不是"):
            pinned(origin="log.example/other").open(cosigned_by().format(), verify)

    @given(st.data())
    def test_no_changed_byte_is_accepted(self, data):
        original = cosigned_by(WITNESSES[0]).format()
        place = data.draw(st.integers(0, len(original) - 1))
        changed = bytearray(original)
        changed[place] ^= data.draw(st.integers(1, 255))
        log = pinned(WITNESSES[0])
        try:
            opened = log.open(bytes(changed), verify)
        except (FormatError, ProofError):
            return
        # A changed name or key id makes the line one of an unknown witness: ignored, never counted.
        assert opened.checkpoint == CHECKPOINT
        assert opened.cosignatures == ()
