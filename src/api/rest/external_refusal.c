/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/external_refusal.h"

#include "base/log.h"
#include "codec/json_read.h"

/* Of a text that is not ours. */
#define MESSAGE_MAX ((size_t)300)
#define CODE_MAX    ((size_t)64)
/* When it does not say how long. */
#define WAIT_MS ((int64_t)10000)

struct refusal {
    struct slice code; /* the service's */
    enum status status;
    struct slice field; /* empty: none of the request's */
    const char *text;
};

static const struct refusal refusals[] = {
    {SLICE_INIT("INVALID_EMAIL_OR_PASSWORD"), STATUS_INVALID_EMAIL_OR_PASSWORD,
     SLICE_INIT(""), ""},
    {SLICE_INIT("EMAIL_NOT_VERIFIED"), STATUS_EMAIL_NOT_VERIFIED,
     SLICE_INIT(""), ""},
    {SLICE_INIT("BANNED_USER"), STATUS_BANNED_USER, SLICE_INIT(""), ""},
    {SLICE_INIT("EMAIL_PASSWORD_DISABLED"), STATUS_SIGN_IN_CLOSED,
     SLICE_INIT(""), ""},
    {SLICE_INIT("EMAIL_PASSWORD_SIGN_UP_DISABLED"), STATUS_SIGN_UP_CLOSED,
     SLICE_INIT(""), ""},
    {SLICE_INIT("USER_ALREADY_EXISTS"), STATUS_EMAIL_TAKEN, SLICE_INIT("email"),
     "There is an account with this address already. Sign in, or ask for a new "
     "password."},
    {SLICE_INIT("USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"), STATUS_EMAIL_TAKEN,
     SLICE_INIT("email"),
     "There is an account with this address already. Sign in, or ask for a new "
     "password."},
    {SLICE_INIT("INVALID_EMAIL"), STATUS_INVALID_FIELDS, SLICE_INIT("email"),
     "This is not an e-mail address."},
    {SLICE_INIT("PASSWORD_TOO_SHORT"), STATUS_REST_PASSWORD_TOO_SHORT,
     SLICE_INIT("password"), "Use a longer one."},
    {SLICE_INIT("PASSWORD_TOO_LONG"), STATUS_REST_PASSWORD_TOO_LONG,
     SLICE_INIT("password"), "Use a shorter one."},
    {SLICE_INIT("PASSWORD_COMPROMISED"), STATUS_REST_PASSWORD_LISTED,
     SLICE_INIT("password"),
     "This one is on the lists that attackers try first. Choose another."},
};

/* They are about us: a wrong address, or an origin it does not trust. */
static const struct slice ours[] = {
    SLICE_INIT("INVALID_ORIGIN"),
    SLICE_INIT("MISSING_OR_NULL_ORIGIN"),
    SLICE_INIT("CROSS_SITE_NAVIGATION_LOGIN_BLOCKED"),
};

static struct slice member(const struct remote_answer *answer,
                           struct slice name, size_t max)
{
    struct slice text;

    return json_text(json_get(answer->body, name), &text) == STATUS_OK
               ? slice_head(text, max)
               : SLICE_EMPTY;
}

static bool is_ours(int status, struct slice code)
{
    if (code.len == 0 || status == 404 || status == 405) {
        return true;
    }
    for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
        if (slice_equal(code, ours[i])) {
            return true;
        }
    }
    return false;
}

/* In its own words, which a page may show: they are no code of ours. */
static enum status refuse_unknown(struct rest *rest, struct slice message)
{
    return rest_refuse(rest, STATUS_ACCOUNTS_REFUSED, SLICE("accounts"), "%.*s",
                       SLICE_ARG(message));
}

static enum status log_odd(const struct remote_answer *answer,
                           struct slice code)
{
    log_error("remote_answer_odd", log_number("status", answer->status),
              log_text("code", code));
    return STATUS_UPSTREAM;
}

enum status external_refuse(struct rest *rest,
                            const struct remote_answer *answer)
{
    struct slice code = member(answer, SLICE("code"), CODE_MAX);

    if (answer->status == 429) {
        rest->visit.wait_ms = answer->wait_ms > 0 ? answer->wait_ms : WAIT_MS;
        return STATUS_TOO_MANY_REQUESTS;
    }
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
        const struct refusal *refusal = &refusals[i];

        if (slice_equal(refusal->code, code)) {
            return refusal->field.len == 0
                       ? refusal->status
                       : rest_refuse(rest, refusal->status, refusal->field,
                                     "%s", refusal->text);
        }
    }
    return is_ours(answer->status, code)
               ? log_odd(answer, code)
               : refuse_unknown(rest,
                                member(answer, SLICE("message"), MESSAGE_MAX));
}

bool external_may_pass(const struct remote_answer *answer)
{
    return answer->status >= 400 &&
           slice_equal(member(answer, SLICE("code"), CODE_MAX),
                       SLICE("FAILED_TO_CREATE_USER"));
}

enum status external_refuse_odd(struct rest *rest,
                                const struct remote_answer *answer)
{
    bool further;

    if (json_bool(json_get(answer->body, SLICE("twoFactorRedirect")),
                  &further) == STATUS_OK &&
        further) {
        return refuse_unknown(rest, SLICE("This account needs a second step "
                                          "to sign in; do so on the page of "
                                          "the accounts' service."));
    }
    return log_odd(answer, SLICE_EMPTY);
}
