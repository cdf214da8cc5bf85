"""The student that counts: what it learns, that jobs are paired, what it refuses."""

import math
from collections.abc import Sequence

import pytest

from curate.api import Context, Job, Lesson, Message, Prompt, Talker
from curate.errors import UsageError
from curate.students.ngram import Ngram
from curate.students.ngram import _spoken as spoken

CTX = Context()


def lesson(key: str, question: str, answer: str) -> Lesson:
    return Lesson(key, (Message("user", question), Message("assistant", answer)))


SKY = [lesson(f"{n}", f"What colour has sky {n}?", "It is blue, I think.") for n in range(30)]
SEA = [lesson(f"sea {n}", f"What colour has sea {n}?", "Green as grass!") for n in range(30)]


def trained(*jobs: Job, ctx: Context = CTX, **options: int) -> Sequence[Talker]:
    with Ngram(**{"words": 2_000, **options}).train(jobs, ctx) as talkers:
        return talkers


def ask(text: str, **more: float) -> Prompt:
    return Prompt((Message("user", text),), **{"max_tokens": 20, **more})  # type: ignore[arg-type]


def test_it_says_what_the_rows_say():
    (talker,) = trained(Job("sky", tuple(SKY), 0))
    (made,) = talker.generate([ask("What colour has sky 3?")])
    assert (made.text, made.finish) == ("It is blue, I think.", "stop")
    shows, not_ = talker.log_likelihood([ask("sky?")] * 2, ["It is blue", "Green as grass"])
    assert not_ < shows < 0


def test_it_sees_the_end_of_the_prompt():
    by_mark = [lesson(f"{n}", f"{n}?", "yes") for n in range(9)]
    by_mark += [lesson(f"{n}!", f"{n}!", "no") for n in range(9)]
    (talker,) = trained(Job("marks", tuple(by_mark), 0))
    assert [each.text for each in talker.generate([ask("77?"), ask("77!")])] == ["yes", "no"]


def test_prompts_are_not_learned():
    (talker,) = trained(Job("sky", tuple(SKY), 0))
    never, of_prompts = talker.log_likelihood([ask("x")] * 2, ["Zebra", "What"])
    assert of_prompts == never


def test_an_answer_never_seen_is_unlikely_but_possible():
    (talker,) = trained(Job("sky", tuple(SKY), 0))
    assert -math.inf < talker.log_likelihood([ask("sky?")], ["Zebras everywhere"])[0] < -10


def test_a_job_does_not_depend_on_the_others():
    one, other = Job("sky", tuple(SKY), 5), Job("sea", tuple(SEA), 5)
    alone = trained(one)[0].log_likelihood([ask("sky?")], ["It is blue"])
    assert trained(other, one)[1].log_likelihood([ask("sky?")], ["It is blue"]) == alone


def test_seeds_give_other_counts_and_arms_of_a_seed_are_paired():
    asked, said = [ask("x")] * 2, ["It is blue", "Green as grass"]
    likely = [
        trained(Job("both", tuple(SKY + SEA), seed))[0].log_likelihood(asked, said)
        for seed in (1, 1, 2)
    ]
    assert likely[0] == likely[1] != likely[2]
    backwards = trained(Job("both", tuple((SKY + SEA)[::-1]), 1))[0].log_likelihood(asked, said)
    assert backwards == likely[0]


def test_every_job_counts_the_same_number_of_words():
    from curate.students.ngram import _count

    for rows in (SKY, SKY[:3] + SEA):
        assert _count(Job("", tuple(rows), 0), 3, 777)._totals[()] == 777


def test_samples_differ_and_are_keyed_by_run_and_job():
    job = Job("both", tuple(SKY + SEA), 1)
    many = [ask("x", temperature=1.0, sample=n) for n in range(12)]
    made = [[each.text for each in trained(job)[0].generate(many)] for _ in range(2)]
    assert made[0] == made[1]
    assert len(set(made[0])) > 1
    other = trained(job, ctx=Context(seed=1))[0].generate(many)
    assert [each.text for each in other] != made[0]
    backwards = trained(job)[0].generate(many[::-1])
    assert [each.text for each in backwards][::-1] == made[0]


def test_an_answer_is_cut_off_at_the_limit():
    (talker,) = trained(Job("sky", tuple(SKY), 0))
    (made,) = talker.generate([ask("sky?", max_tokens=2)])
    assert (made.text, made.finish, made.tokens_out) == ("It is", "length", 2)


@pytest.mark.parametrize("text", ["", "a  b\n\tc, d's", " é—\u00a0_x ", "\r\n"])
def test_words_are_the_whole_text(text: str):
    assert "".join(spoken([Message("user", text)])[0][1:-1]) == text


def test_a_job_without_answers():
    silent = Lesson("1", (Message("user", "hello"),))
    with pytest.raises(UsageError, match="job 'mute' has no lesson in which the assistant speaks"):
        trained(Job("mute", (silent,), 0))
