"""What the owner of an action item does beside reporting: asking for time, assigning, commenting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from council.parties.models import Person
from council.portal.forms.layout import laid_out
from council.web.fields import Day, LongText


class ExtensionForm(forms.Form):
    requested_due_on = Day(_("New due date"), help_text=_("A business day after the present due date."))
    reason = LongText(_("Reason"), rows=5, longest=2000, required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("extension", _("Ask the ministry"))


class ReassignForm(forms.Form):
    assignee = forms.ModelChoiceField[Person](None, label=_("Assignee"), required=False)

    def __init__(self, *args: Any, colleagues: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assignee"]
        field.queryset, field.empty_label = colleagues, _("nobody in particular")
        self.helper = laid_out("reassign", _("Assign"))


class CommentForm(forms.Form):
    text = LongText(
        _("Comment"), rows=5, longest=4000, required=True, help_text=_("State secrets must not be entered.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("comment", _("Send the comment"))
