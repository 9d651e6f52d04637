"""Meetings that were announced before participants were kept: everyone seated counts as asked."""

from typing import Any

from django.db import migrations
from django.db.models import Q


def ask_the_seated(apps, schema_editor):
    Meeting, Seat = apps.get_model("council", "Meeting"), apps.get_model("council", "Seat")
    Participation = apps.get_model("council", "Participation")
    for meeting in Meeting.objects.filter(state__in=["open", "in_progress"]):
        day = meeting.starts_at.date()
        held = Q(ends_on=None) | Q(ends_on__gt=day) | Q(ends_on=day, cut_short=False)
        seats = Seat.objects.filter(held, body=meeting.body_id, starts_on__lte=day).exclude(role="contributor")
        roles: dict[Any, set[str]] = {}
        for seat in seats.select_related("person").order_by("acting", "pk"):
            roles.setdefault(seat.person, set()).add(seat.role)
        chair = next((seat.person_id for seat in seats.order_by("acting", "pk") if seat.role == "chair"), None)
        Participation.objects.bulk_create(
            Participation(
                meeting=meeting,
                person=person,
                organisation_id=person.organisation_id,
                position_ko=person.position_ko,
                position_en=person.position_en,
                capacity="member" if theirs & {"chair", "member"} else "observer",
                presides=person.pk == chair,
                seat_on_id=meeting.body_id,
            )
            for person, theirs in roles.items()
        )


class Migration(migrations.Migration):
    dependencies = [("council", "0012_meetings_of_a_quarter")]
    operations = [migrations.RunPython(ask_the_seated, migrations.RunPython.noop)]
