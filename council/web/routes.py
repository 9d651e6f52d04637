"""To whom each address opens. What is not in the table opens to nobody: neither here nor in the suite.

Which rows a page then shows is decided by the gate alone.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from council.web.idle import to_sign_in


class Opens(Enum):
    """To whom an address opens, from the widest to the narrowest."""

    TO_ANYBODY = "to anybody"
    TO_ACCOUNTS = "to whoever is signed in, even before the second factor"
    TO_READERS = "to whoever is signed in, with the second factor where it is compulsory"
    TO_STAFF = "to accounts that may open the administration"


READERS = (
    "action action_assign action_comment action_extension action_letter action_report action_submit action_take_back "
    "action_trace action_trace_file actions actions_file agenda_item agenda_revise extension_withdraw "
    "progress_withdraw "
    "agenda_take_back calendar commitment commitment_trace commitment_trace_file commitments decision "
    "decision_trace decision_trace_file decisions decisions_file delegate delegate_withdraw desk evidence_remove "
    "file meeting meeting_calendar meeting_file meetings minutes minutes_answer minutes_comment minutes_file "
    "minutes_version pack pack_file paper_add paper_supersede paper_withdraw participation_answer pillar_brief propose "
    "batch_submit clearance clearance_answer clearance_ask clearance_rule clearance_withdraw contribution "
    "contribution_give contribution_recall contribution_take parts_ask parts_import parts_sheet prepare public_quarter "
    "publication publication_answer publication_file readers records records_answer release report report_discard "
    "report_evidence_remove report_judge report_withdraw report_write reports room round round_paper scorecard "
    "scorecard_file scorecard_party scorecard_party_file scorecards search "
    "subscribe token_revoke tokens verify view_as view_as_end"
)
SIGNING_IN = "access_forgotten access_link account_login account_logout mfa_authenticate mfa_login_webauthn"
OWN_ACCOUNT = (
    "account_change_password account_reauthenticate mfa_activate_totp mfa_add_webauthn mfa_deactivate_totp"
    " mfa_edit_webauthn mfa_generate_recovery_codes mfa_index mfa_list_webauthn mfa_reauthenticate"
    " mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_view_recovery_codes session_clock"
    " usersessions_list"
)
ROUTES: dict[str, Opens] = {f"portal:{name}": Opens.TO_READERS for name in READERS.split()} | {
    # Each opens by a secret in its address.
    "portal:feed": Opens.TO_ANYBODY,
    "portal:reply": Opens.TO_ANYBODY,
    "admin_login": Opens.TO_ANYBODY,
    "set_language": Opens.TO_ANYBODY,
    "livez": Opens.TO_ANYBODY,
    "readyz": Opens.TO_ANYBODY,
}
ROUTES |= dict.fromkeys(SIGNING_IN.split(), Opens.TO_ANYBODY)
ROUTES |= dict.fromkeys(OWN_ACCOUNT.split(), Opens.TO_ACCOUNTS)
# Everything below these, whatever its name. The API asks for an access token by itself, and reads no cookie.
NAMESPACES: dict[str, Opens] = {"admin": Opens.TO_STAFF, "public": Opens.TO_ANYBODY, "api": Opens.TO_ANYBODY}


def opens(match: ResolverMatch) -> Opens | None:
    """To whom an address opens; None if nobody has said."""
    for namespace in match.namespaces:
        if namespace in NAMESPACES:
            return NAMESPACES[namespace]
    return ROUTES.get(match.view_name)


class DoorMiddleware(LoginRequiredMiddleware):
    """Signed in, unless the table opens the address to anybody; 403 for one that nobody has said anything about.

    The table alone decides: what a view says of itself is not asked. The second factor has a middleware of its own.
    """

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        door = opens(request.resolver_match) if request.resolver_match else None
        if door is None:
            raise PermissionDenied
        if door is Opens.TO_ANYBODY or request.user.is_authenticated:
            return None
        # Where a form was sent off: after signing in back to its page, not to where it went.
        return self.handle_no_permission(request, view) if request.method in {"GET", "HEAD"} else to_sign_in(request)
