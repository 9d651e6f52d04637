"""What the owner of an action item does beside reporting: asking for time, assigning, commenting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from council.declaration.models import Pillar
from council.overview.actions import ORDERS, WHICH, WHOSE, Narrowed
from council.parties.models import Organisation, Person
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


class ActionFilter(forms.Form):
    """What the list is narrowed by and ordered by; kept in the address, so that it can be kept as a bookmark."""

    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    whose = forms.ChoiceField(label=_("Whose"), choices=WHOSE, required=False)
    which = forms.ChoiceField(label=_("Which"), choices=WHICH, required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    pillar = forms.ChoiceField(label=_("Pillar"), required=False)
    order = forms.ChoiceField(label=_("Ordered by"), required=False)

    def __init__(
        self, data: Any, *, owners: Iterable[Organisation], pillars: Iterable[Pillar], usual: Narrowed
    ) -> None:
        super().__init__(data or {"whose": usual.whose, "which": usual.which, "order": usual.order})
        fields: dict[str, Any] = self.fields
        self.usual = usual
        self.owners = {owner.code: owner for owner in owners}
        self.pillars = {pillar.code: pillar for pillar in pillars}
        fields["owner"].choices = [("", _("all")), *((code, owner.short) for code, owner in self.owners.items())]
        fields["pillar"].choices = [("", _("all")), *((code, pillar.short) for code, pillar in self.pillars.items())]
        turned = [(f"-{name}", format_lazy("{} ↓", label)) for name, (label, _columns) in ORDERS.items()]
        fields["order"].choices = [*((name, label) for name, (label, _columns) in ORDERS.items()), *turned]

    @property
    def asked(self) -> Narrowed:
        """What was chosen; what makes no sense narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        return Narrowed(
            whose=said.get("whose") or self.usual.whose,
            which=said.get("which") or self.usual.which,
            words=said.get("q") or "",
            owner=self.owners.get(said.get("owner") or ""),
            pillar=self.pillars.get(said.get("pillar") or ""),
            order=said.get("order") or self.usual.order,
        )
