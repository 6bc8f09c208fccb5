"""The guard of conftest.py really guards."""

import socket

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "2001:db8::1"])
def test_a_socket_to_another_machine_is_refused_before_it_connects(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as sock, pytest.raises(PermissionError):
        sock.connect((address, 9))


def test_a_name_outside_dot_test_is_not_resolved() -> None:
    with pytest.raises(PermissionError):
        socket.getaddrinfo("example.org", 80)


def test_a_dot_test_name_is_loopback() -> None:
    assert {info[4][0] for info in socket.getaddrinfo("wire.test", 80)} == {"127.0.0.1"}
