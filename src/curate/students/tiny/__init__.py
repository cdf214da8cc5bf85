"""A small GPT-2, many of them at once: tokens, network, training, answering, files."""
