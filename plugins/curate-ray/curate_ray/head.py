"""The head of a cluster: whether it is there, and whether it still is."""

import os
import socket
import time

from curate.errors import OutageError

WAIT = 5.0
"""Seconds between two looks, and that the head has to answer."""
TICK = 1.0
"""Seconds between two looks at everything else, while a run waits for answers."""
GONE = 30.0
"""Seconds without a head until the run stops: after 60, Ray ends this process without a word."""

_GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
"""What a client of HTTP/2, which gRPC speaks, says first: the preface and empty settings
(RFC 9113, section 3.4)."""
_SETTINGS = 4
"""The type of the frame that a server says first."""


def greet(address: str) -> None:
    """Check that HOST:PORT speaks what Ray speaks: at another service, Ray would wait for ever.

    Raises:
        OSError: nobody listens there, or it is no head of a cluster.
    """
    host, _, port = address.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), WAIT) as connection:
        if os.environ.get("RAY_USE_TLS", "0") != "0":
            return  # it speaks only to who has a certificate
        connection.sendall(_GREETING)
        answer = b""
        while len(answer) < len("len") + 1 and (more := connection.recv(64)):
            answer += more
    if answer[3:4] != bytes((_SETTINGS,)):
        raise ConnectionError("what listens there is not Ray")


class Head:
    """Looks now and then whether the head of the cluster, at HOST:PORT, still answers."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._looked = time.monotonic()
        self._missed: float | None = None
        """Since when it does not answer."""

    def check(self) -> None:
        """Look, if it is time to.

        Raises:
            OutageError: the head is gone.
        """
        if time.monotonic() - self._looked >= WAIT:
            self.answers()

    def answers(self) -> bool:
        """Look now; before a head is asked for something, since Ray waits for it without a word.

        Raises:
            OutageError: the head is gone.
        """
        self._looked = now = time.monotonic()
        try:
            greet(self._address)
        except OSError as error:
            self._missed = self._missed or now
            if now - self._missed > GONE:
                raise OutageError(
                    f"Ray: the head of the cluster at {self._address} has not answered for "
                    f"{GONE:g} s ({error}); when it is back, run the same command again to go on"
                ) from error
            return False
        self._missed = None
        return True

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            OutageError: the head is gone.
        """
        while not self.answers():
            time.sleep(TICK)
