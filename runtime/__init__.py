"""What every process of ours needs and no protocol knows: clock, settings, logs, database, HTTP, MQTT."""
