"""The lessons of several jobs as rows of texts; what many jobs have is turned into tokens once."""

from collections.abc import Callable, Iterator, Sequence

from curate.api import Job, Lesson, Message
from curate.errors import UsageError
from curate.students.order import endless
from curate.students.tiny.packing import Library
from curate.students.tiny.tokens import Text

Write = Callable[[Sequence[Message]], Text]


class Lessons:
    """Turns jobs into endless rows, each of as many whole lessons as fit.

    Args:
        write: Turns a conversation into tokens.
        length: Tokens of a row; a longer lesson is cut at its end.
    """

    def __init__(self, write: Write, length: int) -> None:
        self._write, self._library = write, Library(length)
        self._texts: list[Text] = []
        self._known: dict[tuple[Message, ...], tuple[int | None, bool]] = {}
        """Conversation -> its number in the library, and whether it is longer than a row."""

    def rows(self, job: Job) -> Iterator[list[Text]]:
        """Return a job's texts by rows, without end, in the order of its seed and keys.

        Raises:
            UsageError: a lesson cannot be written, or none leaves the assistant room to speak.
        """
        numbers = [self._number(job, lesson) for lesson in job.lessons]
        fit = [(at, number) for at, number in enumerate(numbers) if number is not None]
        if not fit:
            raise UsageError(
                f"job {job.name!r} has nothing to learn: in none of {len(numbers):,} lessons does "
                f"the assistant speak within the first {self._library.length:,} tokens (`length`)"
            )
        order = endless([job.lessons[at] for at, _ in fit], job.seed)
        packed = self._library.packed(fit[place][1] for _, place in order)
        return ([self._texts[number] for number in row] for row in packed)

    def cut(self, job: Job) -> int:
        """Return how many lessons of a job lose their end."""
        known = [self._known[lesson.messages] for lesson in job.lessons]
        return sum(number is not None and long for number, long in known)

    def left_out(self, job: Job) -> int:
        """Return in how many lessons of a job the assistant says nothing within a row."""
        return sum(self._known[lesson.messages][0] is None for lesson in job.lessons)

    def _number(self, job: Job, lesson: Lesson) -> int | None:
        if lesson.messages not in self._known:
            try:
                text = self._write(lesson.messages)
            except UsageError as error:
                raise UsageError(f"job {job.name!r}, lesson {lesson.key!r}: {error}") from None
            length = self._library.length
            number = self._library.add(text)
            if number is not None:
                self._texts.append(Text(text.ids[:length], text.said[:length]))
            self._known[lesson.messages] = number, len(text.ids) > length
        return self._known[lesson.messages][0]
