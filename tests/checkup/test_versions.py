"""Versions against specifiers, held to the package that defines what they mean."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from curate.checkup.versions import satisfies

numbers = st.lists(st.integers(0, 3), min_size=1, max_size=4).map(lambda n: ".".join(map(str, n)))
epochs = st.sampled_from(["", "", "", "1!"])
suffixes = st.sampled_from(
    ["", "", "", "a1", "b2", "rc1", ".dev0", ".post1", ".post1.dev2", "-1", "rc1.post1", "+cpu"]
)
versions = st.builds("{}{}{}".format, epochs, numbers, suffixes)
bounds = st.builds("{}{}".format, epochs, numbers)
clauses = st.one_of(
    st.builds("{}{}".format, st.sampled_from([">=", "<=", "==", "!=", "<", ">", "==="]), bounds),
    st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), bounds),
    st.builds("~={}.1".format, bounds),
)
specifiers = st.lists(clauses, max_size=3).map(",".join)


@given(versions, specifiers)
@example("6.0rc1", "<6")
@example("6.0.post1", ">6.0")
@example("6.0.post1", "<=6.0")
@example("2.13.0+cpu", "<=2.13")
@example("2.13.0+cpu", ">2.13")
@example("2", "~=2.0.1")
@example("1.0", "==1.0.0.*")
def test_it_agrees_with_packaging_where_bounds_are_released_versions(version: str, wanted: str):
    assert satisfies(version, wanted) is SpecifierSet(wanted).contains(version, prereleases=True)


@pytest.mark.parametrize(
    ("version", "wanted"),
    [("what", ">=1"), ("1.0", "about 1"), ("1.0", ">=newest"), ("what", "==1.*")],
)
def test_what_cannot_be_read_does_not_fit(version: str, wanted: str):
    assert not satisfies(version, wanted)
