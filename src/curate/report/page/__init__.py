"""A report as one page that holds all it needs: no script, nothing fetched, no text obeyed."""
