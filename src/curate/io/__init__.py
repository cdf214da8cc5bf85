"""Input: sources, segments, and the shapes rows come in."""
