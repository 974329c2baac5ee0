from reports import flow, live

view = live.open_view()
live.show(view, flow.report, unit=live.choose(view, "unit", flow.units))
