"""Who is asking, and what they may do: people, programs, sessions, roles. Stands on runtime alone."""
