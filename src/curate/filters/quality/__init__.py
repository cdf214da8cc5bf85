"""What the `text_quality` filter is made of: a text, its metrics, and the rules that bound them."""
