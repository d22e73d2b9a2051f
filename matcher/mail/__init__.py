"""Mail: what is written to subscribers, and how it is handed to the mail server."""
