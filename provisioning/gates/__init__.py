"""What stands between a station and *active*: a file for each gate, one list of them (`table.GATES`).

State, blockers, boot answer, checklist, page and error catalogue are derived from the list.
"""
