"""What a plugin author needs: the plugin kinds, the verdict, the rule, the context.

A plugin is a frozen pydantic config. Building one is cheap and touches nothing; `open(ctx)` loads
what it needs and yields a plain function, so a model lives exactly as long as its `with` block.
A filter only judges: whether a score is a hit is the rule's business, what happens to a hit the
plan's. A rewriter only proposes: whether its text is taken is the run's business.
"""

from curate.api.executors import Executor, Forgotten, Keeper, Pools, Work
from curate.api.filters import (
    CorpusFilter,
    Filter,
    Judge,
    Memory,
    RecordFilter,
    Rule,
    Signer,
    Study,
    StudyingFilter,
    TextFilter,
    Verdict,
)
from curate.api.generators import Completion, Generator, Message, Prompt, Talker
from curate.api.plugins import NOTHING, Context, Inner, Plugin, hookimpl
from curate.api.rewriters import GaveUp, Hit, Replacement, Rewrite, Rewriter
from curate.api.students import Job, Lesson, Student
from curate.records import Record, Scope, Span

__all__ = [
    "NOTHING",
    "Completion",
    "Context",
    "CorpusFilter",
    "Executor",
    "Filter",
    "Forgotten",
    "GaveUp",
    "Generator",
    "Hit",
    "Inner",
    "Job",
    "Judge",
    "Keeper",
    "Lesson",
    "Memory",
    "Message",
    "Plugin",
    "Pools",
    "Prompt",
    "Record",
    "RecordFilter",
    "Replacement",
    "Rewrite",
    "Rewriter",
    "Rule",
    "Scope",
    "Signer",
    "Span",
    "Student",
    "Study",
    "StudyingFilter",
    "Talker",
    "TextFilter",
    "Verdict",
    "Work",
    "hookimpl",
]
