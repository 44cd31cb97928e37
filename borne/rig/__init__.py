"""The rig of a bench: rig.yaml says which command, request or function is which hand."""
