/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the profile share: what a change makes of the answers
 * (profile_merge.c), and the rows that say so (profile_rows.c).
 */
#ifndef READER_PROFILE_PARTS_H
#define READER_PROFILE_PARTS_H

#include "reader/profile.h"

/* The browsers a row names; an older one could hand its answers over anew. */
#define PROFILE_MERGES_MAX ((size_t)16)

/* What is read is no more than what may be written. */
#define PROFILE_JSON_LIMITS                                                    \
    ((struct json_limits){.bytes = PROFILE_ANSWERS_MAX, .values = 16384})

/* Of the history; one answer may be in there twice. */
#define PROFILE_CHANGES_LIMITS                                                 \
    ((struct json_limits){.bytes = 4 * PROFILE_ANSWERS_MAX, .values = 65536})

struct profile_delta {
    struct slice json;    /* all answers as they are to be */
    struct slice changes; /* {question: [before, after]} */
    struct slice names;   /* of these questions: "a, b" */
    size_t count;         /* of these questions */
    struct slice merges;
    struct slice consent; /* one that was not given before; or empty */
    bool is_change;       /* there is anything to write at all */
};

/*
 * STATUS_TOO_LARGE; STATUS_CONSENT_REQUIRED when an answer would be stored
 * without the consent the questionnaire asks for.
 */
MUST_USE enum status profile_merge(const struct questionnaire *questionnaire,
                                   const struct profile *old,
                                   const struct profile_change *change,
                                   struct arena *arena,
                                   struct profile_delta *out);

/* The user's lock, the profile, history and its end, two notes. */
#define PROFILE_STATEMENTS_MAX ((size_t)6)

/* Lives in an arena until the write is over. */
struct profile_rows {
    const struct reader *reader;
    const struct auth_call *call;
    struct value user_id; /* VALUE_RESULT too */
    struct statement statements[PROFILE_STATEMENTS_MAX];
    size_t count;
    struct value lock[1];
    struct value profile[10];
    struct value history[7];
    struct value trim[2];
    struct audit_row notes[2];
    size_t note_count;
};

MUST_USE enum status profile_rows_new(const struct reader *reader,
                                      const struct auth_call *call,
                                      struct value user_id,
                                      struct profile_rows **out);
/* The user has to be there until the write is over. */
void profile_rows_lock(struct profile_rows *rows);
/*
 * Statements that turn `old` into *made. Where `old` has no id the row must
 * not be there yet, else it must still be `old`.
 */
MUST_USE enum status profile_rows_add(struct profile_rows *rows,
                                      const struct profile *old,
                                      const struct profile_delta *delta,
                                      struct profile *made);

/* Where a row's sealed column stands. */
struct vault_place;
struct vault_place profile_place(struct slice id);
struct vault_place profile_history_place(struct slice id);

/* *profile with the change in it; one that has no id gets it. */
MUST_USE enum status profile_make(const struct auth_call *call,
                                  const struct profile_delta *delta,
                                  struct profile *profile);

/* What profile_of_user gave, opened. */
MUST_USE enum status profile_take(const struct reader *reader,
                                  const struct auth_call *call,
                                  const struct record *row,
                                  struct profile *out);

/* Nothing was ever answered. */
MUST_USE enum status profile_none(struct arena *arena, struct profile *out);

#endif
