"""How a figure is said in words, the same in the terminal and on the page."""

from c360.report.figures import AudienceFigures, ModelFigures


def number(value: int) -> str:
    """A count with thousands separated by commas."""
    return f"{value:,}"


def model_verdict(model: ModelFigures) -> str:
    """Whether the model is used, and why not when it is not."""
    return "used" if model.is_used else f"not used: {model.reason}"


def audience_note(audience: AudienceFigures) -> str:
    """Why nobody of an audience was exported; empty when somebody was."""
    if audience.exported:
        return ""
    return f"{audience.audience} to {audience.destination} is empty: {_reason(audience)}"


def _reason(audience: AudienceFigures) -> str:
    if audience.models_without_scores:
        return f"its rule needs scores that are not there ({audience.models_without_scores})"
    if not audience.matched:
        return "no customer matches its rule"
    if audience.no_consent == audience.matched:
        return f"none of {number(audience.matched)} matching customers consented"
    return (
        f"of {number(audience.matched)} matching customers {number(audience.no_consent)} did not consent, "
        f"{number(audience.held_out)} are held out, {number(audience.no_identifier)} have no e-mail or phone"
    )
