"""An upload asks for what it cannot know, and shows the rows as they are read."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import io

    from pages.shared.upload import intake
    from tests.intake import published

    class Upload(io.BytesIO):
        def __init__(self, name: str, content: bytes) -> None:
            super().__init__(content)
            self.name = self.file_id = name

    intake.review([Upload(*file) for file in published.movielens_100k()])


def test_the_encoding_is_asked_for_and_the_answer_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("FINREC_DATA", str(tmp_path))
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert "UTF" in app.error[0].value
    question = app.selectbox[0]
    assert question.label == "How does line 1 read rightly?"
    assert question.options[0].startswith("4|Misérables")
    question.select_index(0).run()
    assert not app.exception
    assert not app.error
    headings = [one.value for one in app.subheader]
    assert headings[0] == "Import of 1 file"
    assert headings[-3:] == ["How columns are read", "First rows", "How each file is read"]
