"""What `contamination` is made of: words, evaluation items, and an index of their n-grams.

`words` makes texts comparable, `items` reads evaluation files, `index` finds which items share
n-grams with a text and how much of each is covered, `compared` holds records against all items.
"""
