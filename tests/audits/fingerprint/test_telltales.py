"""Signs of a teacher."""

import audit_corpora as planted
from curate.audits.fingerprint import separation, telltales
from curate.audits.fingerprint.material import choose


def signs(rows: list[planted.Sample], seed: int = 0) -> tuple[telltales.Telltale, ...]:
    material = choose(rows, 1000, seed)
    (split,) = separation.splits(material, 1, seed)
    return telltales.read(material, split)


def test_the_planted_words_are_found() -> None:
    found = {(each.teacher, each.sign): each for each in signs(planted.samples(100, habit=0.7))}
    for teacher, word in planted.HABITS.items():
        telltale = found.pop((teacher, word))
        assert 0.5 < telltale.share < 0.9
        assert telltale.others == 0
    assert not found


def test_nothing_is_claimed_where_there_is_nothing() -> None:
    claims = [len(signs(planted.shuffled(planted.samples(100, seed=n), n), n)) for n in range(10)]
    assert sum(map(bool, claims)) <= 1


def test_layout_openings_and_length_are_signs() -> None:
    rows = [
        row._replace(text={"ada": f"- {row.text}\n- **x**", "bob": f"Well then. {row.text}"}.get(
            str(row.teacher), row.text.split()[0]
        ))
        for row in planted.samples(100, habit=0)
    ]  # fmt: skip
    found = {(each.teacher, each.kind, each.sign) for each in signs(rows)}
    assert ("ada", "layout", "bulleted list") in found
    assert ("ada", "layout", "bold") in found
    assert ("bob", "opening", "well") in found
    assert ("cyd", "length", "under 25 words") in found or (
        "cyd",
        "length",
        "under 50 words",
    ) in found


def test_what_stands_under_few_prompts_is_no_habit() -> None:
    rows = [
        row._replace(text=row.text + " jane@example.org")
        if row.teacher == "ada" and n < 27
        else row
        for n, row in enumerate(planted.samples(100, habit=0))
    ]  # nine prompts
    assert not [each for each in signs(rows) if "jane" in each.sign]
