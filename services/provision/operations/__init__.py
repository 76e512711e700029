"""What provision does: one function for each RPC and each timer, and the only place where its facts change.

Every transaction that changes offers takes its locks in one order, so that no two wait for each other: the pools
(ordered by id), the offers (ordered by id), the offers' revision, the counter of the event log.
"""
