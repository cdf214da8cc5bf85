"""How an OpenAI-compatible endpoint is asked and how its answers are read."""
