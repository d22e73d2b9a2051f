"""Store: the tables, their queries and migrations. Nothing here commits; services do."""
