/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/background.h"

#include "reader/questionnaire.h"

#define CONSENT SLICE("consent")

static enum status check_consent(struct rest *rest)
{
    struct slice asked = rest->reader->questionnaire->consent_version;
    struct slice given = visit_text(&rest->visit, CONSENT);

    if (given.ptr == NULL) {
        return STATUS_OK;
    }
    if (rest->visit.call.actor.len > 0) { /* an administrator as the reader */
        return problems_add(&rest->problems, CONSENT,
                            "Only the reader can agree to it.");
    }
    if (slice_equal(given, asked)) {
        return STATUS_OK;
    }
    return asked.len == 0
               ? problems_add(&rest->problems, CONSENT,
                              "No consent is asked for; leave it out.")
               : problems_add(&rest->problems, CONSENT,
                              "The version to agree to is \"%.*s\".",
                              SLICE_ARG(asked));
}

enum status background_check(struct rest *rest, struct slice name)
{
    const struct json *answers = json_get(rest->body, name);
    struct slice prefix;

    if (answers != NULL) {
        TRY(arena_format(rest->visit.arena, &prefix, "%.*s.", SLICE_ARG(name)));
        TRY(questionnaire_check(rest->reader->questionnaire, answers, prefix,
                                &rest->problems));
    }
    TRY(check_consent(rest));
    return rest_check_problems(rest);
}

enum status background_explain(struct rest *rest, enum status status)
{
    switch (status) {
    case STATUS_CONSENT_REQUIRED:
        return rest_refuse(
            rest, status, CONSENT,
            "Agree to the consent text first: its version is \"%.*s\".",
            SLICE_ARG(rest->reader->questionnaire->consent_version));
    case STATUS_TOO_LARGE:
        return rest_refuse(rest, status,
                           json_get(rest->body, SLICE("background")) != NULL
                               ? SLICE("background")
                               : SLICE("answers"),
                           "All answers together are too long; shorten one.");
    default:
        return status;
    }
}
