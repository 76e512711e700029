"""HiGHS, the engine of siting. Nothing else knows it."""

from __future__ import annotations

import highspy

VERSION = highspy.Highs().version()
"""Of the engine, stated with every answer."""
