/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader's profile as an answer, and a change to it as a body: the same for
 * the reader and for an administrator.
 */
#ifndef API_REST_PROFILE_ANSWER_H
#define API_REST_PROFILE_ANSWER_H

#include "api/rest/rest.h"

struct profile;

extern const struct shape profile_shape;
extern const struct shape profile_or_null_shape;
/* Question ids whose answers go. */
extern const struct shape profile_remove_shape;

/* 304 when the caller has it already. */
MUST_USE enum status profile_answer_get(struct rest *rest,
                                        const struct record *user);
/* If-Match, then the body's answers, remove, merge and consent. */
MUST_USE enum status profile_answer_put(struct rest *rest,
                                        const struct record *user);
/* The object alone. */
void profile_answer_write(const struct rest *rest, struct json_writer *json,
                          const struct record *user,
                          const struct profile *profile);
/* Its entity-tag, which changes with all that the object is made of. */
MUST_USE enum status profile_answer_tag(const struct rest *rest,
                                        const struct record *user,
                                        const struct profile *profile,
                                        struct slice *out);
/* An object: for each axis 0 to 3, or null. */
void profile_answer_write_levels(const struct questionnaire *questions,
                                 struct json_writer *json,
                                 const struct json *answers);

#endif
