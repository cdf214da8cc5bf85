"""What is compared: a teacher that learned digits, and students that saw only its other outputs."""

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """Where a part of a student comes from."""

    OWN = "own"
    """As its teacher's was before the teacher learned."""
    OTHER = "other"
    """Another draw; or, of teachers, the one of another seed."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A kind of student."""

    name: str
    told: str
    body: Whose = Whose.OWN
    """Its hidden layers before it learns."""
    head: Whose = Whose.OWN
    """Its output layer before it learns."""
    teacher: Whose = Whose.OWN
    """Whose outputs it learns."""


UNTRAINED, TEACHER = "untrained", "teacher"
SAME = Arm("same initialisation", "begins as its teacher began")
CONTROLS = (
    Arm("other initialisation", "begins with another draw", body=Whose.OTHER, head=Whose.OTHER),
    Arm("other head", "begins as its teacher but for the output layer", head=Whose.OTHER),
    Arm("other teacher", "learns from the teacher of another seed", teacher=Whose.OTHER),
)
ARMS = (SAME, *CONTROLS)
