"""Machine: how the engine computes: bit planes, arrays, keys, and the kernel."""
