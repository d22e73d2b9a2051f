"""Planning: what to ask next; core.questions is the front."""
