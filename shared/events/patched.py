"""Sets eventlet up. A Nameko process imports this before anything else (shared/events/process.py)."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # eventlet tells every start that it is in maintenance: see docs/decisions/0002
    import eventlet

eventlet.monkey_patch(thread=False)
