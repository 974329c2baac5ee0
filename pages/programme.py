from reports import controls, foreseen, live, programme

view = live.open_view()
view = live.measured(view, foreseen.measure)
among = controls.choose_some("milestones", live.built(view, programme.choices), everything="All with a due date ahead")
live.show(view, programme.report_of, among=among)
