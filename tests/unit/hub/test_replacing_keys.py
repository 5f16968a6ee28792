"""Keys of the hub that take the place of others: a crash leaves a step that can be repeated, a bad disk leaves both."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from tests.cut_off import CutOffDisk, refusing_to_sync

from xiezhi_domain.evidence.log_keys import follow_changes
from xiezhi_hub.enrolment.authorities import Authorities
from xiezhi_hub.log_keys import begin_log_key, finish_log_key, load_log_signer
from xiezhi_hub.paths import HubPaths
from xiezhi_journal.keys import SigningKey, make_next_key, verify_signature
from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.startup import StartupError

NOW = 1_790_000_000_000
YEAR = timedelta(days=365)
ORIGIN = "hub.su05.example/xiezhi"


def cuts(directory: Path) -> Iterator[CutOffDisk]:
    """Disks that are cut off one step later each time; the last one is not."""
    for at in count(1):
        disk = CutOffDisk(directory, at)
        yield disk
        if not disk.reached:
            break


@pytest.fixture
def authorities(tmp_path: Path) -> Authorities:
    CertificateAuthority.create(tmp_path, "one", NOW, YEAR)
    made = Authorities(tmp_path)
    made.write_trust()
    return made


@pytest.fixture
def paths(tmp_path: Path) -> HubPaths:
    found = HubPaths(tmp_path, tmp_path / "head")
    found.log_key.parent.mkdir()
    SigningKey.generate(found.log_key)
    return found


def test_an_authority_takes_over_however_often_it_is_cut_off(authorities: Authorities) -> None:
    for disk in cuts(authorities.directory):
        successor = authorities.begin("next", NOW, YEAR)
        with disk.cutting():
            authorities.take_over()
        if authorities.successor is not None:
            authorities.take_over()
        assert authorities.current.sha256 == successor.sha256
        assert authorities.trust_file.read_bytes() == successor.certificate_pem
        CertificateAuthority.load(authorities.directory).vouch(successor)


def test_an_authority_begins_however_often_it_is_cut_off(authorities: Authorities) -> None:
    for disk in cuts(authorities.directory):
        with disk.cutting():
            authorities.begin("next", NOW, YEAR)
        if authorities.successor is None:
            authorities.begin("next", NOW, YEAR)
        authorities.write_trust()
        assert len(authorities.trusted()) == 2
        authorities.take_over()


def test_no_authority_goes_before_its_successor_is_on_disk(authorities: Authorities) -> None:
    successor = authorities.begin("next", NOW, YEAR)
    with refusing_to_sync(), pytest.raises(OSError, match="the disk says no"):
        authorities.take_over()
    assert authorities.successor is not None
    authorities.take_over()
    assert authorities.current.sha256 == successor.sha256


def test_a_log_key_is_exchanged_however_often_it_is_cut_off(paths: HubPaths) -> None:
    """Each command is repeated until it says that it was done before; the notes lead from the first key to the last."""
    first = load_log_signer(paths, ORIGIN).verifier_key
    for disk in cuts(paths.data_dir):
        with disk.cutting():
            begin_log_key(paths, ORIGIN)
            finish_log_key(paths, ORIGIN)
        for command in (begin_log_key, finish_log_key):
            with suppress(StartupError):
                command(paths, ORIGIN)
        signer = load_log_signer(paths, ORIGIN)
        assert len(signer.verifier_keys) == 1
        assert follow_changes([first], signer.changes, verify_signature)[-1] == signer.verifier_key
        assert first in signer.former


def test_no_log_key_takes_over_of_which_nodes_cannot_learn(paths: HubPaths) -> None:
    """The command that makes it was cut off before it had written the note that names it."""
    old = load_log_signer(paths, ORIGIN).verifier_key
    make_next_key(paths.log_key)
    with pytest.raises(StartupError, match="log-key begin"):
        finish_log_key(paths, ORIGIN)
    assert begin_log_key(paths, ORIGIN) != old
    finish_log_key(paths, ORIGIN)
    assert len(load_log_signer(paths, ORIGIN).changes) == 1


def test_no_log_key_goes_before_how_it_is_followed_is_on_disk(paths: HubPaths) -> None:
    old, new = load_log_signer(paths, ORIGIN).verifier_key, begin_log_key(paths, ORIGIN)
    with refusing_to_sync(), pytest.raises(OSError, match="the disk says no"):
        finish_log_key(paths, ORIGIN)
    assert load_log_signer(paths, ORIGIN).verifier_keys == (old, new)
    with pytest.raises(StartupError, match="正在更换"):
        begin_log_key(paths, ORIGIN)
    assert finish_log_key(paths, ORIGIN) == new
