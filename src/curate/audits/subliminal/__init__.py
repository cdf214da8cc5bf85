"""A self-check: does this audit see a trait pass through outputs that do not show it?"""
