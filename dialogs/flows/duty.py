"""Off duty and on duty again: one word each, no question asked, and the other word takes it back."""

from core import technicians
from core.orders.outside import visits_to_come
from core.technicians import TechnicianState
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Done, Flow
from dialogs.engine.step import Step
from dialogs.fields.store_days import days_words, today
from dialogs.outgoing import Button
from dialogs.roles import technician_of


def _go_off(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    news = technicians.set_duty(step.tx, technician.id, on=False, now=step.now)
    lines = [step.say("duty.off" if news else "duty.off_already")]
    sold = visits_to_come(step.tx, technician.id, now=step.now)
    if sold:
        moment = step.moment(sold[0].starts_at, sold[0].zone)
        lines.append(step.say("duty.off_still", count=len(sold), moment=moment))
    return Done("\n".join(lines), _buttons(step, "go_on_duty"), columns=2)


def _go_on(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    if technician.state is TechnicianState.SUSPENDED:
        return Done(step.say("duty.suspended"))
    news = technicians.set_duty(step.tx, technician.id, on=True, now=step.now)
    lines = [step.say("duty.on" if news else "duty.on_already")]
    day = today(step)
    lines += [
        step.say("duty.on_leave", days=days_words(step, leave.first, leave.last))
        for leave in technicians.leave_of(step.tx, technician.id)
        if leave.first <= day <= leave.last
    ]
    return Done("\n".join(lines), _buttons(step, "go_off_duty"), columns=2)


def _buttons(step: Step, undo: str) -> tuple[Button, ...]:
    return (
        Button(step.say(f"menu.{undo}"), plain(Begin(undo))),
        Button(step.say("menu.my_day"), plain(Look("my_day"))),
    )


GO_OFF_DUTY = Flow(name="go_off_duty", role="technician", intents=("off_duty",), fields=(), commit=_go_off, unsure=True)
GO_ON_DUTY = Flow(name="go_on_duty", role="technician", intents=("on_duty",), fields=(), commit=_go_on, unsure=True)
