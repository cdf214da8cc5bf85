"""How sure an audit may be: effects with intervals, exact tests, and what a design can detect."""
