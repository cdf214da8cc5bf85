"""Whether rows that are suspected of a trait can install it, alone, in a model without it."""
