"""What leaves the council: public versions, reports of results, press releases, and what is said to them beforehand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.admin.attempts import VERSION, attempt
from council.admin.base import ReadOnlyAdmin, ReasonForm, Verb
from council.admin.labels import GroundsForm
from council.admin.opinions import AskedAdmin, AskedInline, AskForm, deciding
from council.core.actor import Actor
from council.core.calendar import end_of, local_day
from council.core.reach import within_reach
from council.minutes.models import Minutes, Opinion, Publication
from council.minutes.operations import publication as operations
from council.minutes.operations import publishing
from council.minutes.operations.publication import Words
from council.minutes.operations.writing import LONGEST
from council.minutes.queries.opinions import without_a_voice
from council.minutes.queries.publications import concerned, earliest_day, not_withheld_again
from council.overview.day_after import drafted
from council.overview.publication import passage_groups
from council.parties.models import Organisation
from council.web import gate
from council.web.errors import version_shown
from council.web.fields import LongText
from council.web.issuing import issue_publication


class WordsForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    text = LongText(
        _("Text"),
        rows=18,
        longest=LONGEST,
        required=True,
        help_text=_(
            "One thought a line, and of one organisation: whoever is asked reads the lines that name it. A line that"
            " begins with “- ” stands under the one before it; with two blanks before it, one level deeper. The lines"
            " are numbered in the document."
        ),
    )
    embargo = forms.DateTimeField(
        label=_("Embargo until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[within_reach],
        help_text=_("Before that only those who were asked read it, and only what is theirs."),
    )


def _drafting(kind: str) -> Any:
    def form_for(minutes: Minutes, who: Standing) -> type[forms.Form]:
        class Draft(WordsForm):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                first = drafted(who, minutes.newest, kind)
                self.initial = {"title": first.title, "text": first.text}

        return Draft

    return form_for


def _draft(kind: str) -> Any:
    def run(minutes: Minutes, by: Actor, data: dict[str, Any]) -> str:
        made = operations.draft_text(minutes.newest, by=by, now=timezone.now(), kind=kind, words=Words(**data))
        return gettext("Prepared: %(what)s. It stands below.") % {"what": made}

    return run


def _prepare(minutes: Minutes, by: Actor, data: dict[str, Any]) -> str:
    made = operations.prepare_public_version(minutes.approved_last or minutes.newest, by=by)
    return gettext("Prepared: %(what)s. It stands below.") % {"what": made}


def _is_registered(minutes: Minutes) -> bool:
    approved = minutes.approved_last
    return approved is not None and bool(approved.registration_number)


def _is_over(minutes: Minutes) -> bool:
    return minutes.meeting.closed_at is not None


# On the page of minutes.
PUBLISHING_VERBS = (
    Verb(
        "draft_results", _("Draft the report of the results"), _draft(Publication.Kind.RESULTS), _is_over,
        _("One page for the head of the ministry, out of what was recorded. What the public version withholds is left"
          " out. Whoever is named in it is asked first."),
        form_for=_drafting(Publication.Kind.RESULTS),
    ),
    Verb(
        "draft_press", _("Draft a press release"), _draft(Publication.Kind.PRESS), _is_over,
        _("Out of what was decided and promised. What the public version withholds is left out. Whoever is named in it"
          " reads it first."),
        form_for=_drafting(Publication.Kind.PRESS),
    ),
    Verb(
        "prepare_public", _("Prepare the public version"), _prepare, _is_registered,
        _("Out of the version that was approved last. Then choose what is not disclosed, and ask whose words it is."),
    ),
)  # fmt: skip


class OpinionInline(AskedInline):
    model = Opinion


class WithholdForm(GroundsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True


def _rewriting(publication: Publication, who: Standing) -> type[forms.Form]:
    class Rewriting(WordsForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.initial = {name: getattr(publication, name) for name in ("title", "text", "embargo")}

    return Rewriting


def _asking(publication: Publication, who: Standing) -> type[forms.Form]:
    """Asked are, to begin with, those whose words it uses; others who were there can be."""
    words_of = concerned(publication)
    meeting = publication.revision.minutes.meeting
    there = {row.organisation_id for row in meeting.participations.asked()} | {one.pk for one in words_of}
    others = visible_to(
        who, Organisation.objects.filter(pk__in=there).exclude(pk=publication.revision.minutes.convened_by_id)
    )
    silent = without_a_voice(meeting.body_id, {*words_of, *others}, on=who.on)
    heard = others.exclude(pk__in=[one.pk for one in silent])

    class AskThem(AskForm):
        organisations = forms.ModelMultipleChoiceField(
            heard,
            label=_("Who is asked"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=[one.pk for one in words_of],
        )
        field_order = ("organisations", "until", "on_paper")

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.ask_from(who.on, silent=silent)

    return AskThem


def _rewrite(publication: Publication, by: Actor, data: dict[str, Any]) -> None:
    operations.rewrite(publication, by=by, now=timezone.now(), words=Words(**data))


def _ask(publication: Publication, by: Actor, data: dict[str, Any]) -> None:
    until = end_of(data["until"])
    publishing.ask(
        publication,
        by=by,
        now=timezone.now(),
        organisations=data["organisations"],
        until=until,
        on_paper=data["on_paper"],
    )


def _publish(publication: Publication, by: Actor, data: dict[str, Any]) -> None:
    publishing.publish(publication, by=by, now=timezone.now())
    transaction.on_commit(lambda: issue_publication(publication, now=timezone.now()), robust=True)


def _withdraw(publication: Publication, by: Actor, data: dict[str, Any]) -> None:
    operations.withdraw(publication, by=by, reason=data["reason"])


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ("what", "kind", "state", "opinions_until", "published_at")
    list_filter = ("kind", "state")
    list_select_related = ("revision__minutes__meeting__body",)
    inlines = (OpinionInline,)
    change_form_template = "admin/council/publication_form.html"
    verbs = (
        Verb(
            "rewrite", _("Change the text"), _rewrite, lambda one: one.is_draft and not one.hides,
            form_for=_rewriting,
        ),
        Verb(
            "ask", _("Ask whose words it is"), _ask, lambda one: one.is_draft,
            _("Each reads what is theirs, and by what right something of it is withheld. The text stays as it is from"
              " now on. They are told by e-mail; silence until the day counts as no objection."),
            form_for=_asking,
        ),
        Verb(
            "publish", _("Publish"), _publish, lambda one: one.is_under_way,
            _("From now on, or from its embargo, everyone whom the meeting reaches can read it; those who were asked"
              " are told by e-mail. A report of the results stays inside the ministry. This cannot be undone."),
        ),
        Verb(
            "withdraw", _("Withdraw"), _withdraw, lambda one: one.is_under_way,
            _("It is not published. Those who were asked read why. The next one begins with what this one withheld."),
            ReasonForm,
        ),
    )  # fmt: skip

    def get_fields(self, request: Any, obj: Publication | None = None) -> Any:
        words = () if obj is None or obj.hides else ("title", "text", "embargo")
        steps = ("asked_at", "opinions_until", "asked_on_paper", "published_at", "withdrawn_because", "sha256")
        said = tuple(name for name in steps if obj is not None and getattr(obj, name))
        return ("revision", "kind", "number", "state", *words, *said)

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        publication = context["original"]
        context["earliest"] = earliest_day(publication) if publication.is_under_way else None
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("publication"))
    def what(self, publication: Publication) -> str:
        return str(publication)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.passages_view)
        return [path("<path:object_id>/passages/", page, name="council_publication_passages"), *super().get_urls()]

    def passages_view(self, request: Any, object_id: str) -> HttpResponse:
        """Choose what of the minutes is not disclosed, and on what ground."""
        publication = gate.fetch(
            request,
            Publication.objects.select_related("revision__minutes__meeting__body", "revision__minutes__convened_by"),
            action="redact",
            pk=object_id,
        )
        form = WithholdForm(request.POST if "withhold" in request.POST else None)
        chosen = request.POST.getlist("place")
        refusal = None
        if request.method == "POST":
            taken, refusal = attempt(
                request, publication, form, lambda: self._taken(request, publication, form, chosen)
            )
            if taken:
                return HttpResponseRedirect(reverse("admin:council_publication_passages", args=[publication.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("What is not disclosed"),
            "publication": publication,
            "lost": not_withheld_again(publication) if publication.hides else [],
            "groups": list(passage_groups(request.standing, publication)) if publication.hides else [],
            "form": form,
            "chosen": chosen,
            "version": version_shown(publication, sent=request.POST.get(VERSION), refusal=refusal),
        }
        return render(request, "admin/council/passages.html", context, status=422 if request.method == "POST" else 200)

    @staticmethod
    def _taken(request: Any, publication: Publication, form: WithholdForm, chosen: list[str]) -> bool:
        if "show" in request.POST:
            number = operations.show_again(publication, by=request.actor, places=chosen)
            messages.success(request, gettext("Passages that are disclosed again: %(number)d.") % {"number": number})
            return True
        if not form.is_valid():
            return False
        number = operations.withhold(
            publication, by=request.actor, today=local_day(timezone.now()), places=chosen, **form.cleaned_data
        )
        messages.success(request, gettext("Passages that are not disclosed: %(number)d.") % {"number": number})
        return True


@admin.register(Opinion)
class OpinionAdmin(AskedAdmin):
    about = "publication"
    list_select_related = ("publication__revision__minutes__meeting__body", "organisation")
    verbs = deciding(
        publishing.decide,
        follow=_(
            "First withhold what is asked for; a press release is withdrawn afterwards and written anew. The"
            " organisation is told by e-mail."
        ),
        decline=_(
            "The organisation is told by e-mail, with the reason. A public version of minutes then goes out thirty"
            " days later at the earliest (Information Disclosure Act, Article 21 (3)); a press release at any time."
        ),
    )
