"""Lab: what breaks things on purpose, so that tests can see what is left."""
