"""Who wrote this text: a small probe that tells teachers apart, and knows what it does not know."""
