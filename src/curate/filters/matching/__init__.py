"""What `entities` is made of: patterns, spaCy pipelines, and what they find in texts.

`patterns` reads what a user wrote, `pipelines` opens a blank pipeline or a model and knows its
files, `matchers` turns patterns into matchers of spaCy, `finder` finds entities in many texts.
"""
