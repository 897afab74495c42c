/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/profile_parts.h"

#include "auth/user.h"
#include "reader/vault.h"

/*
 * Each loss is another's win: so many may write one reader's answers at once
 * before one of them hears that the server is busy.
 */
#define TRIES_MAX 32

/* Of profile_of_user. */
enum profile_column {
    PROFILE_ID,
    PROFILE_VERSION,
    PROFILE_ANSWERS,
    PROFILE_MERGES,
    PROFILE_CONSENT_VERSION,
    PROFILE_CONSENT_AT,
    PROFILE_CREATED_AT,
    PROFILE_UPDATED_AT
};

enum status profile_take(const struct reader *reader,
                         const struct auth_call *call, const struct record *row,
                         struct profile *out)
{
    struct vault_place place;

    *out = (struct profile){
        .id = record_text(row, PROFILE_ID),
        .version = record_number(row, PROFILE_VERSION),
        .merges = record_text(row, PROFILE_MERGES),
        .consent_version = record_text(row, PROFILE_CONSENT_VERSION),
        .consent_at = record_number(row, PROFILE_CONSENT_AT),
        .created_at = record_number(row, PROFILE_CREATED_AT),
        .updated_at = record_number(row, PROFILE_UPDATED_AT),
    };
    place = profile_place(out->id);
    TRY(vault_open(reader->vault, call, &place,
                   record_text(row, PROFILE_ANSWERS), &out->json));
    return json_parse(call->arena, out->json, PROFILE_JSON_LIMITS,
                      &out->answers);
}

enum status profile_read(const struct reader *reader,
                         const struct auth_call *call, struct slice user_id,
                         struct profile *out)
{
    const struct value params[] = {value_text(user_id)};
    struct record row;
    struct rows rows;

    TRY(auth_read(call, QUERY_profile_of_user, params, 1, &rows));
    if (rows.count == 0) {
        return profile_none(call->arena, out);
    }
    row = (struct record){.values = rows.values};
    return profile_take(reader, call, &row, out);
}

/* STATUS_NOT_FOUND: the user has gone, or somebody wrote meanwhile. */
static enum status write_change(const struct reader *reader,
                                const struct auth_call *call,
                                struct slice user_id,
                                const struct profile_delta *delta,
                                struct profile *profile)
{
    const struct profile old = *profile;
    struct profile_rows *rows;

    TRY(profile_rows_new(reader, call, value_text(user_id), &rows));
    profile_rows_lock(rows);
    TRY(profile_rows_add(rows, &old, delta, profile));
    return auth_write(call, rows->statements, rows->count, NULL);
}

static enum status change_once(const struct reader *reader,
                               const struct auth_call *call,
                               struct slice user_id,
                               const struct profile_change *change,
                               struct profile *out)
{
    struct profile_delta delta;

    TRY(profile_read(reader, call, user_id, out));
    if (change->expects && change->version != out->version) {
        return STATUS_PRECONDITION_FAILED;
    }
    TRY(profile_merge(reader->questionnaire, out, change, call->arena, &delta));
    return delta.is_change ? write_change(reader, call, user_id, &delta, out)
                           : STATUS_OK;
}

enum status profile_change(const struct reader *reader,
                           const struct auth_call *call, struct slice user_id,
                           const struct profile_change *change,
                           struct profile *out)
{
    struct record user;

    for (int tries = 0; tries < TRIES_MAX; tries++) {
        enum status status = change_once(reader, call, user_id, change, out);

        if (status != STATUS_NOT_FOUND) {
            return status;
        }
        TRY(user_by_id(call, user_id, &user));
    }
    return STATUS_BUSY;
}

static enum status add_to_sign_up(const struct sign_up_more *more,
                                  const struct auth_call *call,
                                  struct value user_id,
                                  struct statement statements[], size_t *count)
{
    const struct profile_sign_up *sign_up =
        (const struct profile_sign_up *)(const void *)more;
    struct profile_rows *rows;
    struct profile none;

    *count = 0;
    if (!sign_up->delta->is_change) {
        return STATUS_OK;
    }
    TRY(profile_none(call->arena, &none));
    TRY(profile_rows_new(sign_up->reader, call, user_id, &rows));
    TRY(profile_rows_add(rows, &none, sign_up->delta, sign_up->out));
    memcpy(statements, rows->statements, rows->count * sizeof(*statements));
    *count = rows->count;
    return STATUS_OK;
}

enum status profile_sign_up_init(struct profile_sign_up *sign_up,
                                 const struct reader *reader,
                                 const struct auth_call *call,
                                 const struct profile_change *change,
                                 struct profile *out)
{
    struct profile_delta *delta = ARENA_NEW(call->arena, struct profile_delta);

    TRY_ALLOC(delta);
    TRY(profile_none(call->arena, out));
    TRY(profile_merge(reader->questionnaire, out, change, call->arena, delta));
    *sign_up = (struct profile_sign_up){.more = {.add = add_to_sign_up},
                                        .reader = reader,
                                        .delta = delta,
                                        .out = out};
    return delta->is_change ? profile_make(call, delta, out) : STATUS_OK;
}
