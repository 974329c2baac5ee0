from reports import controls, flow, live

view = live.open_view()
live.show(view, flow.report, unit=controls.choose("unit", live.built(view, flow.units)))
