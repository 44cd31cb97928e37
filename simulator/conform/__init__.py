"""The open test bench: cases of a published test specification, played against a station or a central system.

The tool is one end of the wire. A case is a scenario file (`simulator.scenario`), named by its official id,
whose validations name the requirement that they look at.
"""
