"""Records: what other programs wrote down about people, read into answers; stores nothing."""
