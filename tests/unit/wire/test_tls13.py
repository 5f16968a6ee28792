"""The cipher list is set before gRPC is loaded, or the program says so."""

import sys

import pytest

from xiezhi_wire.tls13 import CIPHER_VARIABLE, RSA_ONLY_SUITES, shut_out_tls12


def test_a_second_time_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CIPHER_VARIABLE, RSA_ONLY_SUITES)
    shut_out_tls12()


@pytest.mark.parametrize("present", [None, "ECDHE-ECDSA-AES128-GCM-SHA256"])
def test_grpc_with_another_list_is_refused(monkeypatch: pytest.MonkeyPatch, present: str | None) -> None:
    assert "grpc" in sys.modules
    if present is None:
        monkeypatch.delenv(CIPHER_VARIABLE)
    else:
        monkeypatch.setenv(CIPHER_VARIABLE, present)
    with pytest.raises(RuntimeError, match="import xiezhi_wire first"):
        shut_out_tls12()


def test_before_grpc_the_list_is_ours_whatever_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.delitem(sys.modules, "grpc")
    monkeypatch.setenv(CIPHER_VARIABLE, "ALL")
    shut_out_tls12()
    assert os.environ[CIPHER_VARIABLE] == RSA_ONLY_SUITES
