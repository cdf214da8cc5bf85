"""x"""
from curate.filters.packs.pack import Pack
PACK = Pack(name="date-claims", version="1", about="", patterns={})
