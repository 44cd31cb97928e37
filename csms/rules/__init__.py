"""What follows from what stations send: pure functions from state and message to a decision."""
