"""What the central system proposes to answer to each event: one file per functional block, no versions."""
