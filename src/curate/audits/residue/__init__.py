"""What is left in the rows a run kept: mild versions of what it took out, and what they explain."""
