"""The journal: who saw, ranked, decided and changed what. Entries are added and never changed."""
