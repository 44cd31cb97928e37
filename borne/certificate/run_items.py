"""The steps of a scenario run as the items of a certificate."""

from collections.abc import Iterator

from charging.certificate.document import BilingualText, CertifiedItem, ItemVerdict
from simulator.scenario.verdicts import RunResult, StepResult, Verdict

VERDICTS: dict[Verdict | None, ItemVerdict] = {
    Verdict.PASSED: ItemVerdict.PASSED,
    Verdict.FAILED: ItemVerdict.FAILED,
    Verdict.NOT_APPLICABLE: ItemVerdict.NOT_APPLICABLE,
    Verdict.INCONCLUSIVE: ItemVerdict.CANNOT_BE_CHECKED,
    None: ItemVerdict.CANNOT_BE_CHECKED,
}
NOT_REACHED = BilingualText(
    "Pas demandé : une étape d'avant a échoué.", "Not asked: a step before it failed."
)


def items_of(result: RunResult) -> Iterator[CertifiedItem]:
    """A line for each step that was to judge something; what is put back after a failure judges nothing."""
    for step in result.steps:
        for leaf in step.leaves():
            title = BilingualText(leaf.titles.get("fr", leaf.title), leaf.titles.get("en", leaf.title))
            yield CertifiedItem(leaf.number, title, VERDICTS[leaf.verdict], _detail(leaf))


def _detail(step: StepResult) -> BilingualText | None:
    """What was read, or why it did not pass: in the language of the run."""
    if step.verdict is None:
        return NOT_REACHED
    text = step.line if step.verdict is Verdict.PASSED else "; ".join([step.text, *step.found])
    return BilingualText(text, text) if text else None
