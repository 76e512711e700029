"""What is wrong with how a process was set up to prove who it is."""

from __future__ import annotations


class SetUpWrong(Exception):
    """A process cannot start or call: a key, certificate or setting is missing or wrong.

    The message is for whoever runs the process: it says which, and what to do.
    """
