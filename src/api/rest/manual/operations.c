/* SPDX-License-Identifier: Apache-2.0 */
/* Which operations there are, by subject. */
#include "api/api.h"
#include "api/rest/manual/parts.h"

enum subject_place {
    ACCOUNTS,
    READERS,
    SERVICES,
    DESCRIPTION
};

const struct subject manual_subjects[SUBJECT_COUNT] = {
    [ACCOUNTS] = {SLICE_INIT("Accounts"),
                  SLICE_INIT("Signing up and in, tokens, and what a reader "
                             "says they know.")},
    [READERS] = {SLICE_INIT("Readers"),
                 SLICE_INIT("What the book asks and knows of its readers.")},
    [SERVICES] = {SLICE_INIT("Services"),
                  SLICE_INIT("For other services of the same book, by key.")},
    [DESCRIPTION] = {SLICE_INIT("Description"),
                     SLICE_INIT("All of this, for programs and for people.")},
};

/* The first that fits counts. */
static const struct {
    struct slice prefix;
    enum subject_place subject;
} places[] = {
    {SLICE_INIT("/auth/"), ACCOUNTS},
    {SLICE_INIT("/api/service/"), SERVICES},
    {SLICE_INIT("/api/openapi.json"), DESCRIPTION},
    {SLICE_INIT("/api/docs"), DESCRIPTION},
    {SLICE_INIT("/"), READERS},
};

static size_t subject_of(struct slice path)
{
    size_t i = 0;

    while (!slice_starts_with(path, places[i].prefix)) {
        i++;
    }
    return places[i].subject;
}

static bool is_disabled(const struct manual_facts *facts, struct slice path)
{
    for (size_t i = 0; i < facts->disabled_count; i++) {
        if (slice_equal(facts->disabled[i], path)) {
            return true;
        }
    }
    return false;
}

/* To sign up or in, or for the keys of the caller's token. */
static bool asks_accounts(const struct rest_endpoint *endpoint)
{
    return endpoint->counted_as.len > 0 || manual_needs_caller(endpoint) ||
           manual_takes_guests(endpoint);
}

static enum status add_subject(const struct manual_facts *facts, size_t subject,
                               struct operations *out)
{
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        const struct rest_endpoint *endpoint = route->with;

        if (route->handle != rest_answer ||
            subject_of(route->path) != subject ||
            is_disabled(facts, endpoint->counted_as) ||
            (endpoint->gives_token && !facts->tokens)) {
            continue;
        }
        if (out->count == OPERATIONS_MAX) {
            return STATUS_TOO_LARGE;
        }
        out->items[out->count++] = (struct operation){
            .endpoint = endpoint,
            .method = route->method,
            .path = endpoint->path.len > 0 ? endpoint->path : route->path,
            .subject = subject,
            .body_limit = route->body_limit,
            .asks_elsewhere =
                facts->accounts_elsewhere && asks_accounts(endpoint),
        };
    }
    return STATUS_OK;
}

enum status manual_operations(const struct manual_facts *facts,
                              struct operations *out)
{
    out->count = 0;
    for (size_t subject = 0; subject < SUBJECT_COUNT; subject++) {
        TRY(add_subject(facts, subject, out));
    }
    return STATUS_OK;
}

static bool refuses(const struct rest_endpoint *endpoint, enum status status)
{
    for (size_t i = 0; i < REST_STATUSES_MAX; i++) {
        if (endpoint->refusals[i] == status) {
            return true;
        }
    }
    return false;
}

bool manual_needs_caller(const struct rest_endpoint *endpoint)
{
    return endpoint->who == REST_READER || endpoint->who == REST_SERVICE ||
           refuses(endpoint, STATUS_SIGN_IN_FIRST);
}

bool manual_takes_guests(const struct rest_endpoint *endpoint)
{
    return endpoint->who == REST_READER_OR_GUEST;
}

bool manual_chooses_password(const struct rest_endpoint *endpoint)
{
    return refuses(endpoint, STATUS_REST_PASSWORD_TOO_SHORT);
}

bool manual_expects_version(const struct rest_endpoint *endpoint)
{
    return refuses(endpoint, STATUS_PRECONDITION_FAILED) ||
           refuses(endpoint, STATUS_STALE_VERSION);
}

bool manual_has_tag(const struct rest_endpoint *endpoint)
{
    return endpoint->tagged || endpoint->cacheable;
}

bool manual_may_be_unchanged(const struct operation *operation)
{
    return operation->method == HTTP_GET && manual_has_tag(operation->endpoint);
}

size_t manual_parameter_count(const struct rest_endpoint *endpoint)
{
    size_t count = 0;

    while (count < REST_PARAMETERS_MAX &&
           endpoint->parameters[count].name.len > 0) {
        count++;
    }
    return count;
}
