/* SPDX-License-Identifier: Apache-2.0 */
/* Several readers' answers in one read. */
#include "codec/json_write.h"
#include "reader/profile_parts.h"

/* Ids as JSON: each at most as long as a path's segment, and escaped. */
#define IDS_BYTES_MAX ((size_t)1 << 20)
/* One reader's answers, opened and as a tree. */
#define ONE_MAX ((size_t)16 << 20)

/* Of profiles_of_users; the columns of profile_of_user begin at the third. */
enum {
    MANY_ASKED,
    MANY_USER_ID,
    MANY_PROFILE
};

struct many {
    const struct reader *reader;
    const struct auth_call *call;
    const struct profile_visitor *visitor;
    struct rows rows;
};

static enum status read_rows(const struct auth_call *call,
                             const struct json *ids, struct rows *out)
{
    struct json_writer json;
    struct value params[1];
    struct slice text;
    struct buf buf;

    buf_init(&buf, call->arena, IDS_BYTES_MAX);
    json_writer_init(&json, &buf);
    json_write_json(&json, ids);
    TRY(json_write_finish(&json, &text));
    params[0] = value_text(text);
    return auth_read(call, QUERY_profiles_of_users, params, 1, out);
}

/* By what the database says the id is: SQLite takes "7.0" for 7. */
static const struct value *find_row(const struct rows *rows, struct slice id)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct value *row = rows->values + i * rows->width;

        if (slice_equal(row[MANY_ASKED].text, id) &&
            slice_equal(row[MANY_USER_ID].text, id)) {
            return row;
        }
    }
    return NULL;
}

static enum status take(const struct many *many, const struct auth_call *call,
                        struct value *row, struct profile *out)
{
    const struct record record = {.values = row + MANY_PROFILE};

    return row[MANY_PROFILE].kind == VALUE_NULL
               ? profile_none(call->arena, out)
               : profile_take(many->reader, call, &record, out);
}

static enum status visit_one(const struct many *many, struct slice id)
{
    const struct profile_visitor *visitor = many->visitor;
    const struct value *row = find_row(&many->rows, id);
    CLEANUP(arena_release) struct arena arena;
    struct auth_call call = *many->call;
    struct profile profile;
    enum status status;

    arena_init(&arena, ONE_MAX);
    if (row == NULL) {
        return visitor->visit(visitor, id, STATUS_NOT_FOUND, NULL);
    }
    call.arena = &arena;
    status = take(many, &call, (struct value *)row, &profile);
    if (status != STATUS_OK && status != STATUS_UNREADABLE) {
        return status;
    }
    return visitor->visit(visitor, id, status, &profile);
}

enum status profile_read_many(const struct reader *reader,
                              const struct auth_call *call,
                              const struct json *ids,
                              const struct profile_visitor *visitor)
{
    struct many many = {.reader = reader, .call = call, .visitor = visitor};
    struct slice id;

    TRY(read_rows(call, ids, &many.rows));
    for (size_t i = 0; i < json_count(ids); i++) {
        TRY(json_text(json_at(ids, i), &id));
        TRY(visit_one(&many, id));
    }
    return STATUS_OK;
}
