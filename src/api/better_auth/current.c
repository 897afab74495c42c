/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/current.h"
#include "api/better_auth/better_auth.h"
#include "api/better_auth/session_cookie.h"

/* A copy from a time when it was on. */
static enum status drop_useless_copy(struct visit *visit)
{
    return visit->kit->copy.on ? STATUS_OK : session_cookie_clear_parts(visit);
}

/* What an administrator does in a reader's place is written down as theirs. */
static void note_found(struct visit *visit, enum status status)
{
    visit->has_session = status == STATUS_OK;
    if (visit->has_session) {
        visit->call.actor = session_impersonator(&visit->call, &visit->session);
    }
}

static enum status find(struct visit *visit, bool may_delete)
{
    bool expired;
    enum status status =
        session_find(&visit->call, visit->token, &visit->session, &expired);

    note_found(visit, status);
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    TRY(session_cookie_clear(visit));
    return expired && may_delete ? session_drop(&visit->call, visit->token)
                                 : STATUS_OK;
}

static enum status extend(struct visit *visit)
{
    enum status status = session_extend(&visit->call, &visit->session);

    if (status == STATUS_NOT_FOUND) { /* ended while we looked */
        visit->has_session = false;
        return session_cookie_clear(visit);
    }
    TRY(status);
    return session_cookie_set(visit, &visit->session, false);
}

/* One that still counts is left as it is, as in the original. */
static enum status renew_copy(struct visit *visit)
{
    struct session_cache copy;

    if (visit->kit->copy.on &&
        !visit_query_flag(visit, SLICE("disableCookieCache")) &&
        session_cookie_read_copy(visit, &copy) == STATUS_OK) {
        return STATUS_OK;
    }
    return session_cookie_copy(visit, &visit->session, false);
}

enum status current_session(struct visit *visit, bool *due)
{
    const struct auth_settings *settings = &visit->call.auth->settings;
    bool posted = visit->request->head.method == HTTP_POST;
    bool waits = settings->session_refresh_deferred && !posted;

    *due = false;
    visit->looked = true;
    TRY(drop_useless_copy(visit));
    if (visit->token.len == 0) {
        return STATUS_OK;
    }
    TRY(find(visit, !waits));
    if (!visit->has_session || visit->brief ||
        visit_query_flag(visit, SLICE("disableRefresh"))) {
        return STATUS_OK;
    }
    *due = settings->session_refresh &&
           session_is_due(&visit->call, &visit->session);
    if (*due && !waits) {
        return extend(visit);
    }
    return renew_copy(visit);
}

enum status visit_session(struct visit *visit)
{
    bool due;

    return visit->looked ? STATUS_OK : current_session(visit, &due);
}

enum status visit_session_quietly(struct visit *visit)
{
    enum status status;
    bool expired;

    if (visit->looked || visit->token.len == 0) {
        return STATUS_OK;
    }
    visit->looked = true;
    status =
        session_find(&visit->call, visit->token, &visit->session, &expired);
    note_found(visit, status);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
