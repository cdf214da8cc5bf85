"""Seven hypotheses of why a trait survives a filter, and what arms of students say of each."""
