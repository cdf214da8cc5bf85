"""The decompressed bytes of an open file, block by block.

Concatenated gzip members and zstd frames are read as one stream. Both formats can end early
without the decoder noticing (zstandard's own stream reader takes a cut frame for the end), so a
member that is not finished when the file ends is an error here.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal, Protocol

import zstandard

from curate.errors import InputError

Compression = Literal["gz", "zst"]

BLOCK = 256 << 10
"""Bytes read at once: small enough to be hashed and searched while they are in the cache."""
STORED = 32 << 10
"""Compressed bytes decoded at once: zlib makes at most 1,032 bytes of one, zstd rarely more."""
WINDOW = 1 << 31
"""The largest zstd window, as written by `zstd --ultra --long=31`."""


def blocks(
    file: BinaryIO, compression: Compression | None, name: str, size: int = BLOCK
) -> Iterator[bytes]:
    """Yield the decompressed bytes of `file` from where it stands, in pieces of any length but 0.

    Args:
        file: Open for reading; unbuffered is best.
        compression: How its bytes are stored.
        name: What messages call the file.
        size: Bytes asked of the file at once; for a compressed file at most `STORED`.

    Raises:
        InputError: a compressed file is damaged, or ends inside a gzip member or zstd frame.
    """
    if compression is None:
        yield from _pieces(file, size)
        return
    size, decoded = min(size, STORED), 0
    try:
        for block in _decode(_pieces(file, size), _DECODERS[compression]):
            decoded += len(block)
            yield block
    except (zlib.error, zstandard.ZstdError, EOFError) as error:
        raise InputError(
            f"{name}: the {compression} data is broken: {error}; {decoded} bytes could be "
            f"decompressed before it. Restore the file, or decompress what is left of it yourself"
        ) from None


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _gzip_member() -> _Decoder:
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)  # 16: with gzip header and checksum


def _zstd_frame() -> _Decoder:
    decoder: _Decoder = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()
    return decoder


_DECODERS: dict[Compression, Callable[[], _Decoder]] = {"gz": _gzip_member, "zst": _zstd_frame}


def _decode(stored: Iterator[bytes], member: Callable[[], _Decoder]) -> Iterator[bytes]:
    decoder = member()
    for piece in stored:
        waiting = piece
        while waiting:
            if decoder.eof:
                decoder = member()
            if data := decoder.decompress(waiting):
                yield data
            waiting = decoder.unused_data
    if not decoder.eof:
        raise EOFError("it ends too early")


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while piece := file.read(size):
        yield piece
