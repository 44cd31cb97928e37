"""Decisions: pure functions of loaded facts to a `ChangeSet`, or the problem that is in the way."""
