"""Services: the verbs. Each takes what it needs, does one thing and commits once, at its end."""
