"""Sets eventlet up. A Nameko process imports this before anything else (shared/events/process.py)."""

import eventlet

eventlet.monkey_patch(thread=False)
