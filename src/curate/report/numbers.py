"""Numbers and names as people read them, on every kind of report."""


def number(value: float) -> str:
    """Return a number as people read it: 1,234 or 0.5."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def per_cent(part: float, whole: float) -> str:
    """Return a share; what is there at all is not shown as nothing, nor as all what is not."""
    share = 100 * part / whole if whole else 0.0
    if part and share < 0.05:
        return "<0.1 %"
    return ">99.9 %" if part < whole and share >= 99.95 else f"{share:.1f} %"


def teacher(name: str | None) -> str:
    """Return the name of a teacher or source, or that rows do not name it."""
    return "(not named)" if name is None else name
