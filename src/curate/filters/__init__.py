"""The built-in filters, registered through the hook every plugin uses."""

from collections.abc import Sequence

from curate.api import Filter, hookimpl
from curate.filters.classifier import Classifier
from curate.filters.contamination import Contamination
from curate.filters.cues import Cues
from curate.filters.duplicates import Duplicates
from curate.filters.entities import Entities
from curate.filters.fingerprint import Fingerprint
from curate.filters.judge import Judge
from curate.filters.length import Length
from curate.filters.linear import Linear
from curate.filters.provenance import Provenance
from curate.filters.regex import Regex
from curate.filters.roles import Roles
from curate.filters.select import Select
from curate.filters.text_quality import TextQuality
from curate.filters.toxicity import Toxicity
from curate.filters.trait import Trait


@hookimpl
def curate_filters() -> Sequence[type[Filter]]:
    """Return the built-in filters."""
    return [
        Classifier,
        Contamination,
        Cues,
        Duplicates,
        Entities,
        Fingerprint,
        Judge,
        Length,
        Linear,
        Provenance,
        Regex,
        Roles,
        Select,
        TextQuality,
        Toxicity,
        Trait,
    ]
