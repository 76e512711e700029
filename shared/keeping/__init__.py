"""How long a service keeps what it holds, and how a case is erased from it.

keeper.py is what a service says of its own tables; erasing.py does it in one transaction and remembers that it was;
scrubbing.py makes the database's files forget too; servicer.py serves `inborough.keeping.v1.KeepingService`.
"""
