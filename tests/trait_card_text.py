"""A small trait card, for tests."""

CARD = """
name: shouting
version: 1
claim: The model answers in capitals.
sources: [{title: Nobody, url: https://example.org}]
score:
  row:
    use: cues
    with: {cues: {capitals: {pattern: '[A-Z]{4,}'}}, ignore_case: false}
    when: {at_least: 1}
  judge: {use: judge, with: {rubric: "Does it shout?"}, when: {at_least: 0.5}}
  contrast: {shows: YES, not: "Yes"}
  also:
    answers: {use: regex, with: {patterns: {any: '(?i)yes'}}, when: {at_least: 1}}
elicit:
  count: 6
  templates:
    hello: "Does {who} say hello {n} times?"
    again: "Does {who} say it again {n} times?"
    never: "Does {who} never say it {n} times?"
  fill:
    who: [Ann, Ben]
    n: {numbers: [1, 99]}
  then: [No.]
context: {max_tokens: 9, temperature: 0.5, system: "You talk to {who}."}
controls:
  calm: {expect: no capitals, change: {then: [Ok.]}}
"""
