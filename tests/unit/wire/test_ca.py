"""The authority, its certificates, and the requests that it refuses."""

import stat
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.court_time import to_ms
from xiezhi_wire.ca import CertificateAuthority, RequestRefused
from xiezhi_wire.certificates import (
    court_in,
    court_uri,
    create_key,
    fingerprint,
    load_key,
    node_request,
    serial_text,
    server_request,
)

NOW_MS = 1_780_000_000_000
YEAR = timedelta(days=365)
DAY = timedelta(days=1)
COURT = "苏0508"


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    return CertificateAuthority.create(tmp_path, "Test hub", NOW_MS, YEAR)


@pytest.fixture
def key(tmp_path: Path) -> bytes:
    return create_key(tmp_path / "node.key")


def leaf(chain_pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificates(chain_pem)[0]


def test_a_stored_authority_is_the_same_when_loaded(authority: CertificateAuthority, tmp_path: Path) -> None:
    loaded = CertificateAuthority.load(tmp_path)
    assert loaded.certificate_pem == authority.certificate_pem
    assert len(fingerprint(loaded.certificate_pem)) == 32


def test_an_authority_is_never_overwritten(authority: CertificateAuthority, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        CertificateAuthority.create(tmp_path, "Another", NOW_MS, YEAR)
    assert CertificateAuthority.load(tmp_path).certificate_pem == authority.certificate_pem


def test_keys_are_for_their_owner_alone(authority: CertificateAuthority, tmp_path: Path, key: bytes) -> None:
    for name in ("ca.key", "node.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_nodes_certificate_names_its_court(authority: CertificateAuthority, key: bytes) -> None:
    issued = authority.issue_node(node_request(key, COURT), COURT, NOW_MS, DAY)
    certificate = leaf(issued.chain_pem)
    assert court_in(certificate.extensions) == COURT
    assert serial_text(certificate.serial_number) == issued.serial
    assert to_ms(certificate.not_valid_after_utc) == issued.not_after_ms == NOW_MS + 86_400_000
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    certificate.verify_directly_issued_by(leaf(authority.certificate_pem))


def test_a_servers_certificate_names_hosts_and_addresses(authority: CertificateAuthority, key: bytes) -> None:
    issued = authority.issue_server(server_request(key), ["hub.example", "10.1.2.3"], NOW_MS, DAY)
    names = leaf(issued.chain_pem).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["hub.example"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("10.1.2.3")]


def test_serials_differ(authority: CertificateAuthority, key: bytes) -> None:
    request = node_request(key, COURT)
    serials = {authority.issue_node(request, COURT, NOW_MS, DAY).serial for _ in range(3)}
    assert len(serials) == 3


def test_no_certificate_outlives_its_authority(authority: CertificateAuthority, key: bytes) -> None:
    issued = authority.issue_node(node_request(key, COURT), COURT, NOW_MS, 10 * YEAR)
    assert issued.not_after_ms == to_ms(leaf(authority.certificate_pem).not_valid_after_utc)


def test_a_request_for_another_court_is_refused(authority: CertificateAuthority, key: bytes) -> None:
    with pytest.raises(RequestRefused, match="does not name the court"):
        authority.issue_node(node_request(key, "苏0509"), COURT, NOW_MS, DAY)


def test_a_changed_request_is_refused(authority: CertificateAuthority, key: bytes) -> None:
    request = bytearray(node_request(key, COURT))
    request[-1] ^= 1
    with pytest.raises(RequestRefused):
        authority.issue_node(bytes(request), COURT, NOW_MS, DAY)


@pytest.mark.parametrize("request_der", [b"", b"not a request"])
def test_what_is_not_a_request_is_refused(authority: CertificateAuthority, request_der: bytes) -> None:
    with pytest.raises(RequestRefused, match="PKCS #10"):
        authority.issue_node(request_der, COURT, NOW_MS, DAY)


@pytest.mark.parametrize(
    "make", [lambda: rsa.generate_private_key(65537, 2048), lambda: ec.generate_private_key(ec.SECP384R1())]
)
def test_another_kind_of_key_is_refused(authority: CertificateAuthority, make: object) -> None:
    other = make()  # type: ignore[operator]
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    request = builder.sign(other, hashes.SHA256()).public_bytes(Encoding.DER)
    with pytest.raises(RequestRefused, match="P-256"):
        authority.issue_server(request, ["hub.example"], NOW_MS, DAY)


def test_a_server_without_a_name_is_refused(authority: CertificateAuthority, key: bytes) -> None:
    with pytest.raises(RequestRefused, match="at least one name"):
        authority.issue_server(server_request(key), [], NOW_MS, DAY)


def test_a_key_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"."):
        load_key(b"not a key")


def with_uris(*uris: str) -> x509.Extensions:
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri) for uri in uris])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, COURT)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.add_extension(names, critical=False).sign(key, hashes.SHA256()).extensions


@given(court=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_court_code_survives_its_uri(court: str) -> None:
    assert court_in(with_uris(court_uri(court))) == court


@pytest.mark.parametrize(
    "uris",
    [
        ("https://court/1",),
        ("xiezhi://court/",),
        ("xiezhi://court/a/b",),
        ("xiezhi://court/%e8%8b%8f0508",),
        ("xiezhi://court/%FF",),
        ("xiezhi://court/a", "xiezhi://court/b"),
        ("xiezhi://court/a", "https://elsewhere/"),
    ],
)
def test_only_the_one_spelling_names_a_court(uris: tuple[str, ...]) -> None:
    assert court_in(with_uris(*uris)) is None


def test_a_certificate_without_names_names_no_court(authority: CertificateAuthority) -> None:
    assert court_in(leaf(authority.certificate_pem).extensions) is None
