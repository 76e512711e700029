"""Hints between services, over RabbitMQ or files under the var folder: "the log of caseload is at 4711".

A hint is never needed for a right answer, nor for anything to be done in the end: whoever reads a log also looks by
itself every few seconds (shared/event_log/consume.py). hints.py publishes; process.py is the life of a Nameko process.
"""
