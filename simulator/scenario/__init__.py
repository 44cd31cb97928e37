"""The scenario runner: files that read like prose, played against simulated or real stations.

    source           YAML text → plain values, and where each of them stands in the file
    model            what a scenario file may hold (pydantic); checks: what must agree inside it
    event_readers    a station's messages as events in words that suit every OCPP version
    event_log        one station's frames and events, kept for expectations
    station_drivers  who acts: a simulated station, or a person in front of a real one
    steps            what each kind of step does
    runner           goes through the steps of one scenario and judges them
    run              one run from end to end: stations, steps, verdict

It meets the central system only on the wire and through its REST API.
"""
