import gzip
import io

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import InputError
from curate.io.blocks import blocks


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


PACK = {"gz": gzip.compress, "zst": zstd}
TEXT = b"".join(b'{"n": %d, "text": "some words"}\n' % n for n in range(500))


def unpack(stored: bytes, compression: str, size: int = 4096) -> bytes:
    return b"".join(blocks(io.BytesIO(stored), compression, "corpus", size))


@pytest.mark.parametrize("compression", PACK)
@given(parts=st.lists(st.binary(max_size=200), min_size=1, max_size=5), size=st.integers(1, 300))
def test_concatenated_members_are_one_stream(compression, parts, size):
    stored = b"".join(map(PACK[compression], parts))
    pieces = list(blocks(io.BytesIO(stored), compression, "corpus", size))
    assert b"".join(pieces) == b"".join(parts)
    assert all(pieces)


@given(st.binary(max_size=300), st.integers(1, 400))
def test_a_plain_file_comes_as_it_is(data, size):
    assert b"".join(blocks(io.BytesIO(data), None, "corpus", size)) == data


@pytest.mark.parametrize("compression", PACK)
@pytest.mark.parametrize("members", [1, 2])
def test_a_stream_cut_anywhere_is_refused(compression, members):
    member = PACK[compression](TEXT)
    stored = member * members
    for end in range(1, len(stored)):
        if end % len(member):
            with pytest.raises(InputError, match=r"the .* data is broken: it ends too early"):
                unpack(stored[:end], compression)


@pytest.mark.parametrize("compression", PACK)
@pytest.mark.parametrize("junk", [b"junk after it", b"\0" * 64], ids=["text", "zeros"])
def test_bytes_after_the_last_member_are_refused(compression, junk):
    with pytest.raises(InputError, match=f"{len(TEXT)} bytes could be decompressed before it"):
        unpack(PACK[compression](TEXT) + junk, compression)


@pytest.mark.parametrize("compression", PACK)
def test_a_flipped_bit_is_noticed(compression):
    stored = bytearray(PACK[compression](TEXT))
    stored[len(stored) // 2] ^= 0x10
    with pytest.raises(InputError, match=r"corpus: the .* data is broken"):
        unpack(bytes(stored), compression)


def test_what_was_decompressed_before_the_damage_comes_first():
    stored = gzip.compress(TEXT) + gzip.compress(TEXT)[:-1]
    seen = []
    with pytest.raises(InputError, match=f"{2 * len(TEXT)} bytes"):
        seen.extend(blocks(io.BytesIO(stored), "gz", "corpus"))
    assert b"".join(seen) == TEXT * 2


def test_skippable_zstd_frames_hold_no_rows():
    skippable = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"index"
    assert unpack(skippable + zstd(b"a\n") + skippable + zstd(b"b\n"), "zst") == b"a\nb\n"


def test_a_zstd_window_of_512_megabytes_is_read():
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=29)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    assert unpack(packed.compress(TEXT) + packed.flush(), "zst") == TEXT
