/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader's answers: one sealed row, and a sealed row of history for each
 * change.
 *
 * A change merges: what is not named stays. It is all or nothing, and of two
 * at once neither is lost: the second is merged into what the first wrote,
 * unless its caller said which version it had seen.
 */
#ifndef READER_PROFILE_H
#define READER_PROFILE_H

#include "auth/sign_up.h"
#include "base/problems.h"
#include "codec/json_read.h"
#include "reader/reader.h"

struct profile {
    struct slice id;   /* the row's; empty: nothing was ever answered */
    int64_t version;   /* 0: likewise */
    struct slice json; /* the answers' text, "{}" at least */
    const struct json *answers; /* the same as a tree */
    struct slice merges;        /* a JSON array */
    struct slice consent_version;
    int64_t consent_at;
    int64_t created_at; /* 0: nothing was ever answered */
    int64_t updated_at;
};

/* All answers together, as JSON. */
#define PROFILE_ANSWERS_MAX ((size_t)65536)
/* Of what a browser calls itself when it hands over a guest's answers. */
#define PROFILE_MERGE_MAX ((size_t)64)

struct profile_change {
    const struct json *answers; /* an object, checked already; or NULL */
    const struct json *remove;  /* an array of question ids, or NULL */
    /* A guest's answers: only into questions without one, and only once. */
    struct slice merge;
    struct slice consent; /* the version agreed to; or empty */
    bool expects;         /* the version below, or PRECONDITION_FAILED */
    int64_t version;
};

MUST_USE enum status profile_read(const struct reader *reader,
                                  const struct auth_call *call,
                                  struct slice user_id, struct profile *out);

/*
 * Several at once, in one read: `visit` is called for each id of the array, in
 * its order. STATUS_NOT_FOUND: there is no such user; STATUS_UNREADABLE: the
 * answers do not open. The profile is gone when it returns.
 */
struct profile_visitor {
    enum status (*visit)(const struct profile_visitor *visitor, struct slice id,
                         enum status status, const struct profile *profile);
};
MUST_USE enum status profile_read_many(const struct reader *reader,
                                       const struct auth_call *call,
                                       const struct json *ids,
                                       const struct profile_visitor *visitor);

/*
 * One durable write; none when nothing changes. *out is the profile as it is
 * then. STATUS_PRECONDITION_FAILED; STATUS_NOT_FOUND when the user has gone;
 * STATUS_TOO_LARGE.
 */
MUST_USE enum status profile_change(const struct reader *reader,
                                    const struct auth_call *call,
                                    struct slice user_id,
                                    const struct profile_change *change,
                                    struct profile *out);

/*
 * The rows for an account that is just being made. *out is the profile as it
 * will be, also where a sign-up is only acted out; what `sign_up` points to
 * outlives the sign-up. STATUS_TOO_LARGE, STATUS_CONSENT_REQUIRED.
 */
struct profile_delta;
struct profile_sign_up {
    struct sign_up_more more;
    const struct reader *reader;
    const struct profile_delta *delta;
    struct profile *out;
};
MUST_USE enum status profile_sign_up_init(struct profile_sign_up *sign_up,
                                          const struct reader *reader,
                                          const struct auth_call *call,
                                          const struct profile_change *change,
                                          struct profile *out);

/* The last changes, newest first: [{version,at,actor,changes:{...}}]. */
MUST_USE enum status profile_history(const struct reader *reader,
                                     const struct auth_call *call,
                                     struct slice user_id, struct slice *json);

/*
 * At start: the questions whose answers ride in the tokens of /auth, a comma
 * list of ids (JWT_ANSWERS). *why is one line for the operator; reader->claims
 * live as long as the arena.
 */
MUST_USE enum status profile_claims_name(struct reader *reader,
                                         struct slice list, struct arena *arena,
                                         struct slice *why);
/*
 * Those that are answered, as a JSON object; empty when no question is named.
 * What would make the token too long for a header is left out.
 */
MUST_USE enum status profile_claims(const struct reader *reader,
                                    const struct profile *profile,
                                    struct arena *arena, struct slice *out);

#endif
