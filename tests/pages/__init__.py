"""The pages in a real browser. Needs Chromium (Debian's package); skipped with a reason where it is missing."""
