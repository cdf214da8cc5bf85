"""A first plan for a corpus: what a look at it found, written as steps with their reasons."""
