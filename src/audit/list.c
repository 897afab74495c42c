/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/list.h"

#include "codec/json_write.h"

/* A name for each key. */
#define NAMES_TEXT_MAX ((size_t)4096)

struct listing {
    const struct audit_question *question;
    struct arena *arena;
    struct rows waiting;
    struct rows chained;
    struct audit_list *out;
};

/* Whatever the user was called, as JSON. */
static enum status names_text(const struct listing *listing, struct slice *out)
{
    const struct audit_question *question = listing->question;
    size_t count = audit_names_count(question->names);
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, listing->arena, NAMES_TEXT_MAX);
    json_writer_init(&json, &buf);
    json_write_array(&json);
    for (size_t i = 0; i < count; i++) {
        struct slice name;

        TRY(audit_name(question->names, i, question->user_id, listing->arena,
                       &name));
        json_write_text(&json, name);
    }
    json_write_end(&json);
    return json_write_finish(&json, out);
}

static enum status read_chained(struct listing *listing)
{
    const struct audit_question *question = listing->question;
    struct value params[] = {value_integer(INT64_MAX),
                             value_text(question->event),
                             value_integer(question->limit), VALUE_NOTHING};
    struct statement statement = {
        .query = QUERY_audit_latest, .params = params, .param_count = 3};
    struct slice names;

    if (question->user_id.len > 0) {
        TRY(names_text(listing, &names));
        params[3] = value_text(names);
        statement.query = QUERY_audit_latest_of;
        statement.param_count = 4;
    }
    return store_read(question->store, &statement, listing->arena,
                      &listing->chained);
}

/* Before the others: one that gets its number meanwhile is seen twice. */
static enum status read_waiting(struct listing *listing)
{
    const struct value limit = value_integer((int64_t)STORE_ROWS_MAX);
    const struct statement statement = {
        .query = QUERY_audit_waiting, .params = &limit, .param_count = 1};

    return store_read(listing->question->store, &statement, listing->arena,
                      &listing->waiting);
}

static bool is_asked_for(const struct listing *listing,
                         const struct audit_entry *entry)
{
    const struct audit_question *question = listing->question;

    return (question->event.len == 0 ||
            slice_equal(question->event, entry->event)) &&
           (question->user_id.len == 0 ||
            slice_equal(question->user_id, entry->subject) ||
            slice_equal(question->user_id, entry->actor));
}

static bool is_listed(const struct listing *listing, struct slice id)
{
    for (size_t i = 0; i < listing->chained.count; i++) {
        if (slice_equal(listing->out->entries[i].id, id)) {
            return true;
        }
    }
    return false;
}

static enum status add_waiting(struct listing *listing)
{
    for (size_t i = 0; i < listing->waiting.count; i++) {
        struct audit_entry entry;

        audit_entry_take_waiting(&listing->waiting, i, &entry);
        if (is_asked_for(listing, &entry) && !is_listed(listing, entry.id)) {
            TRY(audit_entry_rename(&entry, listing->question->names,
                                   listing->arena));
            listing->out->entries[listing->out->count++] = entry;
        }
    }
    return STATUS_OK;
}

enum status audit_list_read(const struct audit_question *question,
                            struct arena *arena, struct audit_list *out)
{
    struct listing listing = {.question = question, .arena = arena, .out = out};
    size_t limit = (size_t)question->limit;

    TRY(read_waiting(&listing));
    TRY(read_chained(&listing));
    out->count = listing.chained.count;
    out->entries = arena_alloc(arena, (listing.waiting.count + out->count + 1) *
                                          sizeof(*out->entries));
    TRY_ALLOC(out->entries);
    for (size_t i = 0; i < out->count; i++) {
        audit_entry_take(&listing.chained, out->count - 1 - i,
                         &out->entries[i]);
    }
    TRY(add_waiting(&listing));
    if (out->count > limit) {
        out->entries += out->count - limit;
        out->count = limit;
    }
    return STATUS_OK;
}
