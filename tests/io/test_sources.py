import gzip
import os

import pytest
import zstandard

from curate.errors import InputError
from curate.io.sources import Source, expand, identify

ROWS = b'{"text": "a"}\n{"text": "b"}\n'
ARRAY = b'\n [{"text": "a"}]'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**files: bytes) -> None:
    for name, data in files.items():
        with open(name.replace("__", "."), "wb") as file:
            file.write(data)


def names(*arguments: str) -> list[str]:
    return [source.name for source in expand(arguments)]


def test_files_keep_their_order_and_globs_are_sorted(folder):
    write(b2__jsonl=ROWS, b10__jsonl=ROWS, a__jsonl=ROWS)
    (folder / "b1.jsonl").mkdir()
    assert names("b*.jsonl", "a.jsonl") == ["b10.jsonl", "b2.jsonl", "a.jsonl"]


def test_two_stars_go_into_folders(folder):
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "x.jsonl").write_bytes(ROWS)
    assert names("**/*.jsonl") == [os.path.join("deep", "er", "x.jsonl")]


def test_a_file_may_be_named_like_a_glob():
    write(**{"a[1]__jsonl": ROWS, "a1__jsonl": ROWS})
    assert names("a[1].jsonl") == ["a[1].jsonl"]


@pytest.mark.parametrize(
    ("name", "data", "format", "compression"),
    [
        pytest.param("a.jsonl", ROWS, "jsonl", None, id="lines"),
        pytest.param("a.json", ROWS, "jsonl", None, id="lines named json"),
        pytest.param("a.json", ARRAY, "json", None, id="array"),
        pytest.param("a.JSON", b"\xef\xbb\xbf" + ARRAY, "json", None, id="array after a mark"),
        pytest.param("a.jsonl", ARRAY, "jsonl", None, id="lines that begin with a bracket"),
        pytest.param("a.jsonl.gz", gzip.compress(ROWS), "jsonl", "gz", id="gzip"),
        pytest.param("a.json.gz", gzip.compress(ARRAY), "json", "gz", id="gzip array"),
        pytest.param("a.json.zst", zstandard.compress(ARRAY), "json", "zst", id="zstd array"),
        pytest.param("a.jsonl", zstandard.compress(ROWS), "jsonl", "zst", id="zstd unnamed"),
        pytest.param("a.jsonl.gz", ROWS, "jsonl", None, id="named gz but plain"),
        pytest.param("a.json", b"", "jsonl", None, id="empty"),
    ],
)
def test_format_and_compression_are_seen(folder, name, data, format, compression):
    (folder / name).write_bytes(data)
    (source,) = expand([name])
    assert (source.format, source.compression, source.stored) == (format, compression, len(data))
    assert source.is_plain == (format == "jsonl" and compression is None)


def test_the_plan_may_say_the_format():
    write(array__txt=ARRAY, empty__txt=b"")
    assert [source.format for source in expand(["array.txt", "empty.txt"], "json")] == ["json"] * 2
    assert expand(["array.txt"], "jsonl")[0].format == "jsonl"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n",
            "is a Git LFS pointer, not rows of JSON; run `git lfs pull`",
            id="git lfs",
        ),
        pytest.param(
            gzip.compress(b"PAR1"), "is a Parquet file inside gz; unpack it", id="parquet.gz"
        ),
        pytest.param(b"PARE", "is an encrypted Parquet file", id="encrypted parquet"),
        pytest.param(b"FEA1", "is a Feather file of version 1, .* convert it", id="feather 1"),
        pytest.param(b"PK\x03\x04\x14", "is a zip archive, .* unpack it", id="zip"),
        pytest.param('{"a": 1}\n'.encode("utf-16"), "is text in UTF-16, .*iconv", id="utf-16"),
        pytest.param(b"\xfe\xff\0{", "is text in UTF-16", id="utf-16 big endian"),
        pytest.param('{"a": 1}\n'.encode("utf-32"), "is text in UTF-32", id="utf-32"),
        pytest.param(gzip.compress(b"\0" * 257 + b"ustar"), "is a tar archive", id="tar.gz"),
        pytest.param(gzip.compress(ROWS)[:-4], "the gz data is broken", id="cut gzip"),
    ],
)
def test_what_is_no_text_is_named(data, message):
    write(a__jsonl=data)
    with pytest.raises(InputError, match=rf"^a\.jsonl: {message}"):
        expand(["a.jsonl"])


def test_a_missing_file_names_close_matches(folder):
    write(train__jsonl=ROWS, other__txt=ROWS)
    with pytest.raises(InputError, match=r"tran\.jsonl: no such file; did you mean 'train.jsonl'"):
        expand(["tran.jsonl"])
    with pytest.raises(InputError, match=r"no such file$"):
        expand(["zzz"])
    with pytest.raises(InputError, match="no folder 'data' either"):
        expand(["data/train.jsonl"])


def test_a_glob_that_only_folders_match(tmp_path):
    (tmp_path / "d1").mkdir()
    with pytest.raises(InputError, match=r"d\*: no file has such a name, only folders, as .*d1:"):
        expand([str(tmp_path / "d*")])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param([], "no input", id="nothing"),
        pytest.param(["*.parquet"], r"\*\.parquet: no file has such a name", id="empty glob"),
        pytest.param(
            ["sub"], r"sub: is a folder; name its files, as in 'sub.\*\.jsonl'", id="folder"
        ),
        pytest.param(["a.jsonl", "a.jsonl"], r"a\.jsonl: is named twice", id="twice"),
        pytest.param(
            ["*.jsonl", "./a.jsonl"], r"\./a\.jsonl: and a\.jsonl are the same", id="again"
        ),
        pytest.param(["a.jsonl", "link"], r"link: and a\.jsonl are the same file", id="link"),
        pytest.param(["broken"], r"broken: links to 'gone', which is not there", id="broken link"),
        pytest.param(["pipe"], "pipe: is not a regular file", id="pipe"),
        pytest.param(["-"], "-: standard input cannot be read here", id="stdin"),
    ],
)
def test_wrong_arguments_are_named(folder, arguments, message):
    write(a__jsonl=ROWS)
    (folder / "sub").mkdir()
    (folder / "link").symlink_to("a.jsonl")
    (folder / "broken").symlink_to("gone")
    os.mkfifo(folder / "pipe")
    with pytest.raises(InputError, match=message):
        expand(arguments)


def test_rows_are_no_array():
    write(a__json=b'{"rows": []}')
    with pytest.raises(InputError, match=r"a\.json: is not a JSON array"):
        expand(["a.json"], "json")


def test_standard_input_is_saved_last_and_once(folder):
    write(a__jsonl=ROWS)
    asked = []

    def save():
        asked.append(True)
        (folder / "saved").write_bytes(gzip.compress(ROWS))
        return folder / "saved"

    with pytest.raises(InputError, match="no such file"):
        expand(["-", "missing"], stdin=save)
    with pytest.raises(InputError, match="-: is named twice"):
        expand(["-", "-"], stdin=save)
    assert not asked
    first, second = expand(["-", "a.jsonl"], stdin=save)
    assert (first.name, first.path, first.compression) == ("-", folder / "saved", "gz")
    assert second.name == "a.jsonl"
    assert len(asked) == 1


def test_a_file_that_cannot_be_read_is_named(folder):
    with pytest.raises(InputError, match="x: cannot be read: No such file"):
        identify("x", folder / "x")


def test_a_source_is_plain_data(folder):
    assert Source("a", folder) == Source("a", folder, "jsonl", None, 0)


def test_tables_are_known_by_their_first_bytes():
    write(a__txt=b"PAR1\x15", b__txt=b"ARROW1\0\0", c__txt=b"\xff\xff\xff\xff\x10\x01\0\0\x10")
    found = expand(["a.txt", "b.txt", "c.txt"])
    assert [source.format for source in found] == ["parquet", "arrow", "arrow"]
    assert [source.is_plain for source in found] == [False] * 3
    assert expand(["a.txt"], "parquet")[0].is_table


@pytest.mark.parametrize(
    ("data", "format", "message"),
    [
        (b"PAR1\x15", "jsonl", "is a Parquet file, and the plan has `format: jsonl`"),
        (b"PAR1\x15", "arrow", "is a Parquet file, and the plan has `format: arrow`"),
        (b"{}\n", "parquet", "is a Parquet file by the plan, and does not begin like one"),
        (b"", "arrow", "is an Arrow file by the plan, and does not begin like one"),
    ],
)
def test_a_table_is_what_the_plan_says(data, format, message):
    write(a__x=data)
    with pytest.raises(InputError, match=rf"^a\.x: {message}"):
        expand(["a.x"], format)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.jsonl.gz", b"", r"has 0 bytes, and no gz file has"),
        ("a.json.ZST", b"", r"has 0 bytes, and no ZST file has"),
        ("a.parquet", b"", "does not begin as a table does"),
        ("a.arrow", ROWS, r"does not begin as a table does.*`input: \{format: jsonl\}`"),
    ],
)
def test_a_copy_that_was_cut_off_is_no_empty_corpus(folder, name, data, message):
    (folder / name).write_bytes(data)
    with pytest.raises(InputError, match=f"^{name}: {message}"):
        expand([name])


def test_rows_may_be_named_like_a_table(folder):
    (folder / "a.arrow").write_bytes(ROWS)
    assert [source.format for source in expand(["a.arrow"], "jsonl")] == ["jsonl"]


HOSTILE = "d\n::error::PWNED ##[error].jsonl"


@pytest.mark.parametrize("kind", ["missing", "link", "folder", "pipe", "twice", "foreign"])
def test_a_name_with_a_newline_stays_on_one_line(folder, kind):
    path = folder / HOSTILE
    if kind == "link":
        path.symlink_to("gone")
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind != "missing":
        path.write_bytes(b"Obj\x01" if kind == "foreign" else ROWS)
    with pytest.raises(InputError) as caught:
        expand([str(path)] * (1 + (kind == "twice")))
    assert len(str(caught.value).splitlines()) == 1
