"""What becomes of a scenario once it is kept, shard by shard.

held back --> ready --> leased --> done
                ^---------/   its worker died, stopped or raised an error

A shard is done when its row says so, in the transaction that keeps what it came to. The last one of a scenario and of
its baseline lets the summary be taken, in that transaction; the summary finishes the scenario in its own. So whatever
dies, and however often a message about a shard comes, each counts once.
"""
