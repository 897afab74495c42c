/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/guard.h"

#include "api/better_auth/better_auth.h"
#include "codec/json_read.h"
#include "http/trusted.h"

static struct slice field(const struct visit *visit, struct slice name)
{
    return request_field(visit->request, name);
}

/* What the request says it comes from; empty: it does not say. */
static struct slice said_origin(const struct visit *visit)
{
    struct slice origin = field(visit, SLICE("origin"));

    if (slice_equal(origin, SLICE("null")) &&
        slice_equal(field(visit, SLICE("sec-fetch-site")),
                    SLICE("same-origin"))) {
        return visit->kit->origin;
    }
    return origin.len > 0 ? origin : field(visit, SLICE("referer"));
}

static enum status check_origin(struct visit *visit)
{
    struct slice said = said_origin(visit);
    bool trusted;

    if (http_head_field_count(&visit->request->head, SLICE("origin")) > 1) {
        return STATUS_INVALID_ORIGIN;
    }
    if (said.len == 0 || slice_equal(said, SLICE("null"))) {
        return STATUS_MISSING_OR_NULL_ORIGIN;
    }
    TRY(trusted_origin(&visit->kit->trusted, visit->arena, said, &trusted));
    return trusted ? STATUS_OK : STATUS_INVALID_ORIGIN;
}

static bool has_cookies(const struct visit *visit)
{
    return field(visit, SLICE("cookie")).ptr != NULL;
}

struct checked_url {
    struct slice name;
    struct slice label;
    enum status refusal;
};

static const struct checked_url checked_urls[] = {
    {SLICE_INIT("callbackURL"), SLICE_INIT("callbackURL"),
     STATUS_INVALID_CALLBACK_URL},
    {SLICE_INIT("redirectTo"), SLICE_INIT("redirectURL"),
     STATUS_INVALID_REDIRECT_URL},
    {SLICE_INIT("errorCallbackURL"), SLICE_INIT("errorCallbackURL"),
     STATUS_INVALID_ERROR_CALLBACK_URL},
    {SLICE_INIT("newUserCallbackURL"), SLICE_INIT("newUserCallbackURL"),
     STATUS_INVALID_NEW_USER_CALLBACK_URL},
};

/* What JavaScript takes for nothing: null, false, 0 and "". */
static bool is_falsy(const struct json *json)
{
    struct slice text;
    double number;
    bool on;

    if (json_text(json, &text) == STATUS_OK) {
        return text.len == 0;
    }
    if (json_bool(json, &on) == STATUS_OK) {
        return !on;
    }
    if (json_number(json, &number) == STATUS_OK) {
        return number == 0;
    }
    return json_kind_of(json) == JSON_KIND_NONE ||
           json_kind_of(json) == JSON_KIND_NULL;
}

static enum status check_url(struct visit *visit, const struct checked_url *url)
{
    const struct json *json = visit_member(visit, url->name);
    struct slice text;

    if (is_falsy(json)) {
        if (!slice_equal(url->name, SLICE("callbackURL"))) {
            return STATUS_OK;
        }
        text = visit_query(visit, url->name);
        return visit_check_url(visit, &text, url->refusal);
    }
    if (json_text(json, &text) != STATUS_OK) {
        return visit_refuse(visit, STATUS_NO_FIELDS,
                            "Invalid %.*s: expected a string",
                            SLICE_ARG(url->label));
    }
    return visit_check_url(visit, &text, url->refusal);
}

static bool changes_nothing(const struct visit *visit)
{
    enum http_method method = visit->request->head.method;

    return method == HTTP_GET || method == HTTP_HEAD || method == HTTP_OPTIONS;
}

enum status guard_check_origin(struct visit *visit)
{
    return changes_nothing(visit) || !has_cookies(visit) ? STATUS_OK
                                                         : check_origin(visit);
}

enum status guard_check(struct visit *visit)
{
    if (changes_nothing(visit)) {
        return STATUS_OK;
    }
    TRY(guard_check_origin(visit));
    for (size_t i = 0; i < sizeof(checked_urls) / sizeof(*checked_urls); i++) {
        TRY(check_url(visit, &checked_urls[i]));
    }
    return STATUS_OK;
}

static bool is_said(const struct visit *visit, struct slice name)
{
    return slice_trim(field(visit, name)).len > 0;
}

enum status guard_check_form(struct visit *visit)
{
    if (has_cookies(visit)) {
        return STATUS_OK; /* guard_check has looked */
    }
    if (is_said(visit, SLICE("sec-fetch-site")) ||
        is_said(visit, SLICE("sec-fetch-mode")) ||
        is_said(visit, SLICE("sec-fetch-dest"))) {
        if (slice_equal(field(visit, SLICE("sec-fetch-site")),
                        SLICE("cross-site")) &&
            slice_equal(field(visit, SLICE("sec-fetch-mode")),
                        SLICE("navigate"))) {
            return STATUS_CROSS_SITE_NAVIGATION;
        }
        return check_origin(visit);
    }
    if (is_said(visit, SLICE("origin")) || is_said(visit, SLICE("referer"))) {
        return check_origin(visit);
    }
    return STATUS_OK;
}
