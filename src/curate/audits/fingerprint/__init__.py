"""How well responses tell who wrote them, by what, and what a filter or a rewrite changed in it."""
