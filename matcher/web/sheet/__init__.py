"""Sheet: what is taken to the doctor, on paper and as a PDF, with addresses that can be typed."""
