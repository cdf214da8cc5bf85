"""Trait cards: what a trait is, how to elicit it, how to score it, and what must be held still."""
