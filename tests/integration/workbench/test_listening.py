"""How the workbench's own socket is set up."""

import socket

from xiezhi_workbench.serve import listen


def test_no_page_waits_for_the_browser_to_acknowledge_its_beginning() -> None:
    with listen("127.0.0.1:0") as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
