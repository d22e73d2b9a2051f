"""Finding: from answers to facts: what each says, what follows, what contradicts."""
