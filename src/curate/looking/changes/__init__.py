"""Two runs side by side: which records changed fate, text or score, and which step decided."""
