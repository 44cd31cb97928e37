"""Station templates that ship with the program, one YAML file each."""
