from reports import foreseen, live

view = live.open_view()
measured = live.measured(view, foreseen.measure)
live.sharing_desk(view, live.built(measured, foreseen.choices))
