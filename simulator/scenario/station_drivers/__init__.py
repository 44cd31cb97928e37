"""Who plays a role: a simulated station, or a person in front of a real one."""
