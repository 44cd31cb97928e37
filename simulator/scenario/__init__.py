"""The scenario runner: files that read like prose, played against simulated or real stations.

    source   YAML text → plain values, and where each of them stands in the file
    model    what a scenario file may hold (pydantic); checks: what must agree inside it
    feed     one station's frames as events in words that suit every OCPP version
    actors   who acts: a simulated station, or a person in front of a real one
    runner   plays the steps of one scenario and judges them

It meets the central system only on the wire and through its REST API.
"""
