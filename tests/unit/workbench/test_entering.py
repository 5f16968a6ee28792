"""What a form lacks is said where it was typed; what was typed is never dropped without a word."""

from io import BytesIO

from starlette.datastructures import FormData, UploadFile

from xiezhi_client.sdk import Item
from xiezhi_domain.terms import Action, PaperType
from xiezhi_workbench.action_forms import FORMS
from xiezhi_workbench.entering import carried, read
from xiezhi_workbench.form_fields import ActionForm, Shape


def _asking(shape: Shape) -> ActionForm:
    return next(form for form in FORMS.values() if any(each.shape is shape for each in form.fields))


def test_an_item_with_a_note_alone_is_not_dropped() -> None:
    sent = FormData({"rejections.1.note": "照片不清"})
    entered = read(FORMS[Action.REJECT_RESULT], sent, [Item(number=1)])
    assert "rejections.1.reason" in entered.wrong


def test_a_paper_asked_for_with_a_note_alone_is_not_dropped() -> None:
    form = _asking(Shape.ASKED_PAPERS)
    name = next(each.name for each in form.fields if each.shape is Shape.ASKED_PAPERS)
    assert f"{name}.2.paper_type" in read(form, FormData({f"{name}.2.note": "原件"}), []).wrong
    typed = {f"{name}.2.note": "原件", f"{name}.2.paper_type": next(iter(PaperType)).value}
    assert f"{name}.2.paper_type" not in read(form, FormData(typed), []).wrong


def test_what_is_sent_again_asks_for_its_files_and_leaves_out_the_token() -> None:
    file = UploadFile(BytesIO(b"%PDF"), filename="a.pdf")
    sent = FormData([("csrf", "t"), ("subject", "1"), ("subject", "2"), ("documents.0.file", file)])
    assert carried(sent) == [("subject", "1"), ("subject", "2"), ("documents.again", "a.pdf")]
