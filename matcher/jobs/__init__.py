"""Jobs: the mails' work shared between many machines, by a queue in PostgreSQL."""
