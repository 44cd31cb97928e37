"""Product files: what an installer must know of a model; the format, the shipped ones, and which one fits."""
