"""A seal says who sealed, that nothing was changed since, and whether anybody here vouches for the signer."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.papers.letters import a_pdf
from tests.unit.papers.seal_authority import NOW, NOW_MS, Authority

from xiezhi_domain.errors import Reason, Unavailable, WrongState
from xiezhi_domain.terms import SealState
from xiezhi_papers.seals.check import check_seals
from xiezhi_papers.seals.pades import seal_pdf
from xiezhi_papers.seals.seals import CheckedSeals, SealCheck, SealJob

COURT = "测试法院"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.made(tmp_path)


def sealed(key: Path, pdf: bytes | None = None, passphrase: Path | None = None) -> bytes:
    return seal_pdf(SealJob(pdf or a_pdf(), "委托函", str(key), str(passphrase or "")))


def checked(
    folder: Path, pdf: bytes, trust: Path | None, media_type: str = "application/pdf"
) -> CheckedSeals:
    file = folder / "checked"
    file.write_bytes(pdf)
    return check_seals(SealCheck(str(file), media_type, str(trust or ""), NOW_MS))


def test_a_court_that_is_trusted_has_sealed_it(tmp_path: Path, authority: Authority) -> None:
    seals = checked(tmp_path, sealed(authority.seal(tmp_path, COURT)), authority.trust_file)
    assert seals.state is SealState.VALID
    assert [(seal.state, seal.signer) for seal in seals.seals] == [(SealState.VALID, COURT)]
    assert seals.seals[0].claimed_at > 0


def test_a_key_may_have_a_passphrase(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "passphrase").write_text("一段口令\n", "utf-8")
    key = authority.seal(tmp_path, COURT, passphrase="一段口令".encode())
    pdf = sealed(key, passphrase=tmp_path / "passphrase")
    assert checked(tmp_path, pdf, authority.trust_file).state is SealState.VALID
    with pytest.raises(Unavailable) as refused:
        sealed(key)
    assert refused.value.reason is Reason.SEAL_MISSING


def test_every_changed_byte_under_the_seal_is_found(tmp_path: Path, authority: Authority) -> None:
    pdf = sealed(authority.seal(tmp_path, COURT))
    at = pdf.index(b"stream") + 40
    altered = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    assert checked(tmp_path, altered, authority.trust_file).state is SealState.ALTERED


def test_a_second_seal_leaves_the_first_valid(tmp_path: Path, authority: Authority) -> None:
    once = sealed(authority.seal(tmp_path, COURT))
    twice = sealed(authority.seal(tmp_path, "测试第二法院"), once)
    seals = checked(tmp_path, twice, authority.trust_file)
    assert [seal.signer for seal in seals.seals] == [COURT, "测试第二法院"]
    assert seals.state is SealState.VALID


def test_the_document_is_as_good_as_its_worst_seal(tmp_path: Path, authority: Authority) -> None:
    stranger = Authority.made(tmp_path, "无人认识的机构")
    pdf = sealed(stranger.seal(tmp_path, "某单位"), sealed(authority.seal(tmp_path, COURT)))
    seals = checked(tmp_path, pdf, authority.trust_file)
    assert [seal.state for seal in seals.seals] == [SealState.VALID, SealState.UNKNOWN_SIGNER]
    assert seals.state is SealState.UNKNOWN_SIGNER


def test_nobody_vouches_for_a_stranger(tmp_path: Path, authority: Authority) -> None:
    pdf = sealed(authority.seal(tmp_path, COURT))
    assert checked(tmp_path, pdf, None).state is SealState.UNKNOWN_SIGNER


def test_a_certificate_that_has_expired_is_told(tmp_path: Path, authority: Authority) -> None:
    pdf = sealed(authority.seal(tmp_path, COURT, until=NOW - timedelta(days=1)))
    assert checked(tmp_path, pdf, authority.trust_file).state is SealState.EXPIRED
    assert checked(tmp_path, pdf, None).state is SealState.UNKNOWN_SIGNER


@pytest.mark.parametrize(
    ("content", "media_type", "state"),
    [
        (b"PK\x03\x04", "application/ofd", SealState.UNCHECKED),
        (b"\x89PNG", "image/png", SealState.UNCHECKED),
        (b"%PDF-1.7 broken", "application/pdf", SealState.UNCHECKED),
    ],
)
def test_what_cannot_be_checked_is_not_refused(
    tmp_path: Path, content: bytes, media_type: str, state: SealState
) -> None:
    assert checked(tmp_path, content, None, media_type) == CheckedSeals(state, ())


def test_a_paper_without_a_seal_says_so(tmp_path: Path) -> None:
    assert checked(tmp_path, a_pdf(), None).state is SealState.NONE


def test_what_is_no_pdf_cannot_be_sealed(tmp_path: Path, authority: Authority) -> None:
    with pytest.raises(WrongState) as refused:
        sealed(authority.seal(tmp_path, COURT), b"%PDF-1.7 broken")
    assert refused.value.reason is Reason.DOCUMENT_BROKEN
