from council.actions.models import *
from council.core.models import AuditEntry
from tests.actions.steps import submitted
from tests.factories import *


def test_x(cast, as_user):
    submitted(cast, title="An item", due_on=TODAY)
    c = as_user(cast.secretary)
    a = as_user(cast.accounts)
    c.raise_request_exception = False
    for e in AuditEntry.objects.all()[:5]:
        print(e.verb, e.before, e.after)
    for who, cl, url in [
        ("acc", a, "/admin/council/user/?password__startswith=md5"),
        ("acc", a, "/admin/council/user/?password__startswith=zzz"),
        ("sec", c, "/admin/council/auditentry/?after__icontains=handed_in"),
        ("sec", c, "/admin/council/auditentry/?after__icontains=nopexx"),
        ("sec", c, "/admin/council/delivery/?html__contains=xx"),
    ]:
        r = cl.get(url)
        print(
            who, url, r.status_code, r.get("Location"), r.context and "cl" in r.context and r.context["cl"].result_count
        )
    assert 0
