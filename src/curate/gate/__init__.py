"""A gate: rules over what a plan, a run or an audit says of training data, and an exit code.

`policy` reads the rules, `opening` what they are held against, `gating` goes through every row, and
`result` is all that is known at the end. Everything in `formats` is made from a result alone.
"""
