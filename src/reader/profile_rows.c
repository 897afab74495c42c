/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/profile_parts.h"

#include "auth/token_random.h"
#include "reader/vault.h"

/* Changes that are kept of one reader. */
#define HISTORY_MAX 200

struct vault_place profile_place(struct slice id)
{
    return (struct vault_place){SLICE("bookplate_profile.answers"), id};
}

struct vault_place profile_history_place(struct slice id)
{
    return (struct vault_place){SLICE("bookplate_profile_history.changes"), id};
}

enum status profile_none(struct arena *arena, struct profile *out)
{
    *out = (struct profile){.id = SLICE_EMPTY,
                            .json = SLICE("{}"),
                            .merges = SLICE("[]"),
                            .consent_version = SLICE_EMPTY};
    return json_parse(arena, out->json, PROFILE_JSON_LIMITS, &out->answers);
}

static void add(struct profile_rows *rows, enum query_id query,
                const struct value *params, size_t count)
{
    rows->statements[rows->count++] = (struct statement){
        .query = query, .params = params, .param_count = count};
}

enum status profile_make(const struct auth_call *call,
                         const struct profile_delta *delta,
                         struct profile *profile)
{
    bool is_new = profile->id.len == 0;

    profile->version++;
    profile->json = delta->json;
    profile->merges = delta->merges;
    if (is_new) {
        TRY(token_random_id(call->arena, &profile->id));
        profile->created_at = call->now;
    }
    if (is_new || delta->count > 0) {
        profile->updated_at = call->now;
    }
    if (delta->consent.len > 0) {
        profile->consent_version = delta->consent;
        profile->consent_at = call->now;
    }
    /* What could not be read again must not be written. */
    return json_parse(call->arena, profile->json, PROFILE_JSON_LIMITS,
                      &profile->answers);
}

static enum status add_profile(struct profile_rows *rows,
                               const struct profile *made)
{
    const struct vault_place place = profile_place(made->id);
    bool is_new = made->version == 1;
    bool has_consent = made->consent_version.len > 0;
    struct value *values = rows->profile;
    struct vault_sealed sealed;

    TRY(vault_seal(rows->reader->vault, rows->call, &place, made->json,
                   &sealed));
    values[0] = value_text(made->id);
    values[1] = value_integer(made->version);
    values[2] = value_text(sealed.text);
    values[3] = value_integer(sealed.key_id);
    values[4] = value_text(made->merges);
    values[5] = has_consent ? value_text(made->consent_version) : VALUE_NOTHING;
    values[6] = has_consent ? value_integer(made->consent_at) : VALUE_NOTHING;
    values[7] = value_integer(made->updated_at);
    values[8] = rows->user_id;
    values[9] = value_integer(made->created_at);
    add(rows, is_new ? QUERY_profile_insert : QUERY_profile_update, values,
        is_new ? 10 : 8);
    rows->statements[rows->count - 1].must_change = true;
    return STATUS_OK;
}

/* Who changed it, in a word: the audit knows which administrator. */
static struct slice actor_word(const struct profile_rows *rows)
{
    struct slice actor = rows->call->actor;
    bool is_self = rows->user_id.kind == VALUE_TEXT &&
                   slice_equal(rows->user_id.text, actor);

    if (actor.len == 0 || is_self) {
        return SLICE("self");
    }
    return slice_equal(actor, SLICE("command")) ? actor : SLICE("admin");
}

static enum status add_history(struct profile_rows *rows, int64_t version,
                               struct slice changes)
{
    struct value *values = rows->history;
    struct vault_place place;
    struct vault_sealed sealed;
    struct slice id;

    TRY(token_random_id(rows->call->arena, &id));
    place = profile_history_place(id);
    TRY(vault_seal(rows->reader->vault, rows->call, &place, changes, &sealed));
    values[0] = value_text(id);
    values[1] = rows->user_id;
    values[2] = value_integer(version);
    values[3] = value_text(actor_word(rows));
    values[4] = value_text(sealed.text);
    values[5] = value_integer(sealed.key_id);
    values[6] = value_integer(rows->call->now);
    add(rows, QUERY_profile_history_insert, values, 7);
    if (version > HISTORY_MAX) {
        rows->trim[0] = rows->user_id;
        rows->trim[1] = value_integer(version - HISTORY_MAX);
        add(rows, QUERY_profile_history_trim, rows->trim, 2);
    }
    return STATUS_OK;
}

static enum status add_note(struct profile_rows *rows, enum audit_event event,
                            struct slice detail)
{
    const struct audit_note note = {
        .event = event, .subject = rows->user_id, .detail = detail};

    TRY(auth_note(rows->call, &note, &rows->notes[rows->note_count++],
                  &rows->statements[rows->count]));
    rows->count++;
    return STATUS_OK;
}

static enum status add_notes(struct profile_rows *rows,
                             const struct profile_delta *delta)
{
    bool by_admin = slice_equal(actor_word(rows), SLICE("admin"));

    if (delta->count > 0) {
        TRY(add_note(rows, by_admin ? AUDIT_ADMIN : AUDIT_PROFILE_CHANGE,
                     by_admin ? SLICE("profile") : delta->names));
    }
    return delta->consent.len == 0
               ? STATUS_OK
               : add_note(rows, AUDIT_CONSENT, delta->consent);
}

enum status profile_rows_new(const struct reader *reader,
                             const struct auth_call *call, struct value user_id,
                             struct profile_rows **out)
{
    struct profile_rows *rows = ARENA_NEW(call->arena, struct profile_rows);

    TRY_ALLOC(rows);
    rows->reader = reader;
    rows->call = call;
    rows->user_id = user_id;
    *out = rows;
    return STATUS_OK;
}

void profile_rows_lock(struct profile_rows *rows)
{
    rows->lock[0] = rows->user_id;
    add(rows, QUERY_user_lock, rows->lock, 1);
    rows->statements[rows->count - 1].must_change = true;
}

enum status profile_rows_add(struct profile_rows *rows,
                             const struct profile *old,
                             const struct profile_delta *delta,
                             struct profile *made)
{
    *made = *old;
    TRY(profile_make(rows->call, delta, made));
    TRY(add_profile(rows, made));
    if (delta->count > 0) {
        TRY(add_history(rows, made->version, delta->changes));
    }
    return add_notes(rows, delta);
}
