"""Answers survive, the first one counts, and what SQLite says is told with the file's name."""

import json
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.answers.cache import FILE, FORMAT, Cache, key
from curate.errors import CurateError, UsageError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    st.lists,
    max_leaves=5,
)


def test_what_is_put_is_found_by_another_cache(tmp_path: Path):
    with Cache(tmp_path / "new" / "folder") as cache:
        assert cache.put("a", {"text": "\ud83d half, ünï"}) == {"text": "\ud83d half, ünï"}
    with Cache(tmp_path / "new" / "folder") as cache:
        assert cache.get(["b", "a"]) == {"a": {"text": "\ud83d half, ünï"}}


def test_the_first_answer_counts(tmp_path: Path):
    with Cache(tmp_path) as one, Cache(tmp_path) as other:
        assert one.put("a", {"n": 1}) == {"n": 1}
        assert other.put("a", {"n": 2}) == {"n": 1}


def test_more_keys_than_a_query_may_hold(tmp_path: Path):
    with Cache(tmp_path) as cache:
        for n in range(1200):
            cache.put(str(n), {"n": n})
        found = cache.get([str(n) for n in range(2000)])
    assert found == {str(n): {"n": n} for n in range(1200)}


def test_threads_and_processes_write_at_once(tmp_path: Path):
    code = (
        "import sys; from pathlib import Path; from curate.answers.cache import Cache\n"
        "with Cache(Path(sys.argv[1])) as cache:\n"
        "    for n in range(200): cache.put(f'{sys.argv[2]}-{n}', {'n': n})\n"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in ("p", "q")
    ]
    with Cache(tmp_path) as cache:

        def write(name: str) -> None:
            for n in range(200):
                cache.put(f"{name}-{n}", {"n": n})

        threads = [threading.Thread(target=write, args=(name,)) for name in ("s", "t")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [other.wait() for other in others] == [0, 0]
        names = [f"{name}-{n}" for name in "pqst" for n in range(200)]
        assert len(cache.get(names)) == 800


def test_a_file_that_is_something_else(tmp_path: Path):
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(UsageError, match=rf"{FILE}: file is not a database; delete it"):
        Cache(tmp_path)


def test_a_file_of_another_version(tmp_path: Path):
    Cache(tmp_path).close()
    file = sqlite3.connect(tmp_path / FILE)
    file.execute(f"PRAGMA user_version = {FORMAT + 1}")
    file.close()
    with pytest.raises(UsageError, match="another version of curate"):
        Cache(tmp_path)


def test_a_folder_that_cannot_be(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="no place for a cache"):
        Cache(tmp_path / "file" / "folder")


def test_trouble_on_the_way_is_an_error_with_the_path(tmp_path: Path):
    with Cache(tmp_path) as cache:
        cache._file.execute("DROP TABLE answers")
        with pytest.raises(CurateError, match=f"{FILE}: no such table"):
            cache.put("a", {})


class TestKey:
    def test_knows_no_order_of_names(self):
        assert key({"a": 1, "b": {"c": 2, "d": 3}}) == key({"b": {"d": 3, "c": 2}, "a": 1})

    @given(JSON, JSON)
    def test_is_equal_exactly_for_equal_questions(self, one, other):
        equal = json.dumps(one) == json.dumps(other)  # 1 and True are equal in Python
        assert (key({"q": one}) == key({"q": other})) is equal

    def test_lone_surrogates_have_one_too(self):
        assert key({"q": "\ud83d"}) != key({"q": "?"})
