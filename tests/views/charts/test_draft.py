import pytest

from finrec_core.views.charts.draft import Draft


def test_a_draft_holds_what_was_added_in_order() -> None:
    draft = Draft()
    draft.add_bar(x=[1], y=[0])
    draft.add_scatter(x=[2], y=[1])
    draft.add_shape(type="line", x0=0, x1=1, y0=0, y1=1)
    draft.add_annotation(x=0, y=0, text="one", showarrow=False)
    figure = draft.figure()
    assert [trace.type for trace in figure.data] == ["bar", "scatter"]
    assert figure.layout.shapes[0].x1 == 1
    assert figure.layout.annotations[0].text == "one"


def test_what_is_set_inside_others_stays_beside_what_comes_later() -> None:
    draft = Draft()
    font = {"size": 12}
    draft.update_xaxes({"tickfont": font}, visible=False)
    draft.update_xaxes(tickfont={"color": "#000000"}, range=[0, 1])
    draft.update_yaxes(range=[0, 2])
    draft.update_layout(height=100, margin={"l": 1})
    draft.update_layout(margin={"r": 2})
    layout = draft.to_dict()["layout"]
    assert layout["xaxis"] == {
        "tickfont": {"size": 12, "color": "#000000"},
        "visible": False,
        "range": [0, 1],
    }
    assert (layout["height"], layout["margin"], layout["yaxis"]) == (100, {"l": 1, "r": 2}, {"range": [0, 2]})
    assert font == {"size": 12}


def test_what_plotly_would_refuse_is_refused_by_the_tests() -> None:
    draft = Draft()
    draft.add_bar(colour="red")
    with pytest.raises(ValueError, match="colour"):
        draft.figure()
