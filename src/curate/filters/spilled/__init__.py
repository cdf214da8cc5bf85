"""What a memory of duplicates becomes when it grows large: the same answers, out of files.

The files have no name, so they go with the memory, and with the process if that is killed. They
are mapped: the system keeps in memory what is in use, and writes the rest back when something
else needs the room. Whatever is looked up lies in few places, for each place may be a read from
disk: a hash table holds the keys themselves (`table`), so that what is new touches one page of it.
"""
