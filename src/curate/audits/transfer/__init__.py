"""Whether a trait still transfers: students trained on what a run made of a corpus."""
