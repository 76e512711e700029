"""Pages: each reads from the services for the person signed in, and changes only what they allow."""
