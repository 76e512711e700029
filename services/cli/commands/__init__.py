"""The commands: what each says in its help, what it asks for and which page it shows. Heavy imports wait for a run."""
