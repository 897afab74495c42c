/* SPDX-License-Identifier: Apache-2.0 */
/* What an operation may be refused with, and which of it is common. */
#include "api/rest/manual/parts.h"
#include "api/rest/refuse.h"

/* Which operations may answer it. */
enum when {
    ALWAYS,
    WITH_BODY,
    WITH_CALLER,
    WITH_CHANGE, /* anything but reading */
    WHEN_COUNTED /* by the rules of Better Auth's endpoint */
};

/* By http status. Those of every address (408, 431 ...) are in the text. */
static const struct {
    enum status status;
    enum when when;
} commons[] = {
    {STATUS_BAD_REQUEST, ALWAYS},
    {STATUS_INVALID_ENCODING, ALWAYS},
    {STATUS_INVALID_VALUE, ALWAYS},
    {STATUS_INVALID_JSON, WITH_BODY},
    {STATUS_SIGN_IN_FIRST, WITH_CALLER},
    {STATUS_TOKEN_OVER, WITH_CALLER},
    {STATUS_BANNED_USER, WITH_CALLER},
    {STATUS_MISSING_OR_NULL_ORIGIN, WITH_CHANGE},
    {STATUS_INVALID_ORIGIN, WITH_CHANGE},
    {STATUS_CROSS_SITE_NAVIGATION, WITH_CHANGE},
    {STATUS_TOO_LARGE, WITH_BODY},
    {STATUS_UNSUPPORTED_MEDIA_TYPE, WITH_BODY},
    {STATUS_INVALID_FIELDS, WITH_BODY},
    {STATUS_SLOW_DOWN, WHEN_COUNTED},
    {STATUS_BUSY, ALWAYS},
    {STATUS_NO_MEMORY, ALWAYS},
    {STATUS_UNAVAILABLE, ALWAYS},
};

#define COMMON_COUNT (sizeof(commons) / sizeof(*commons))

static bool holds(enum when when, const struct operation *operation)
{
    switch (when) {
    case WITH_BODY:
        return operation->endpoint->input != NULL;
    case WITH_CALLER:
        return manual_needs_caller(operation->endpoint) &&
               operation->endpoint->who != REST_SERVICE;
    case WITH_CHANGE:
        return operation->method != HTTP_GET;
    case WHEN_COUNTED:
        return operation->endpoint->counted_as.len > 0;
    case ALWAYS:
    default:
        return true;
    }
}

/* Whether any common refusal with that http status is the operation's too. */
static bool may_answer(const struct operation *operation, int http)
{
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        if (status_http(commons[i].status) == http &&
            holds(commons[i].when, operation)) {
            return true;
        }
    }
    return false;
}

static void add(struct refusals *out, enum status status)
{
    size_t at = out->count;

    for (size_t i = 0; i < out->count; i++) {
        if (out->items[i] == status) {
            return;
        }
    }
    if (out->count == REFUSALS_MAX) {
        return;
    }
    while (at > 0 && status_http(out->items[at - 1]) > status_http(status)) {
        out->items[at] = out->items[at - 1];
        at--;
    }
    out->items[at] = status;
    out->count++;
}

void manual_common_refusals(struct refusals *out)
{
    out->count = 0;
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        add(out, commons[i].status);
    }
}

static void add_elsewhere(const struct operation *operation,
                          struct refusals *out)
{
    if (!operation->asks_elsewhere) {
        return;
    }
    if (operation->endpoint->counted_as.len > 0) {
        add(out, STATUS_ACCOUNTS_REFUSED);
    }
    add(out, STATUS_UPSTREAM);
    add(out, STATUS_UPSTREAM_TIMEOUT);
}

void manual_refusals(const struct operation *operation, struct refusals *out)
{
    const enum status *own = operation->endpoint->refusals;

    out->count = 0;
    add_elsewhere(operation, out);
    for (size_t i = 0; i < REST_STATUSES_MAX && own[i] != STATUS_OK; i++) {
        add(out, rest_status(own[i]));
    }
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        if (may_answer(operation, status_http(commons[i].status))) {
            add(out, commons[i].status);
        }
    }
}

bool manual_is_shared(enum status status)
{
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        if (commons[i].status == status) {
            return true;
        }
    }
    return false;
}

bool manual_is_common(const struct operation *operation, int http)
{
    const enum status *own = operation->endpoint->refusals;

    if (operation->asks_elsewhere &&
        http == status_http(STATUS_ACCOUNTS_REFUSED)) {
        return false;
    }
    for (size_t i = 0; i < REST_STATUSES_MAX && own[i] != STATUS_OK; i++) {
        enum status status = rest_status(own[i]);

        if (status_http(status) == http && !manual_is_shared(status)) {
            return false;
        }
    }
    return may_answer(operation, http);
}
