"""Is this installation in order? What `curate doctor` finds, as data.

`versions` and `requirements` read what a distribution says it needs, `packages` holds it against
what is installed, `providers`, `machine`, `folders` and `variables` look at the rest, and
`checking` puts it together. Nothing here uses the network, and no secret gets into a report.
"""
