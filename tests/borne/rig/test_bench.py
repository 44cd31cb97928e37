"""A bench without rig.yaml has neither hands nor hooks."""

from pathlib import Path

import pytest

from borne.rig.bench import open_bench
from runtime.clock import SystemClock


async def test_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And with one that names no frames, no hooks."""
    monkeypatch.chdir(tmp_path)
    async with open_bench(None, SystemClock(), print) as bench:
        assert (bench.rig, bench.hooks) == (None, None)
    (tmp_path / "rig.yaml").write_text("hands: {plug: relay on}\n", encoding="utf-8")
    async with open_bench(None, SystemClock(), print) as bench:
        assert bench.rig is not None
        assert bench.rig.can("plug")
        assert bench.hooks is None
