"""Getting answers from models: asked once, remembered, paid for within a budget.

`cache` keeps what was answered, `recall` looks there first, `client` asks an endpoint, and
`budget`, `pace` and `patience` say when it may.
"""
