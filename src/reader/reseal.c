/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/reseal.h"

#include "base/log.h"
#include "codec/json_write.h"

/* A row at most: the longest value there is, sealed and in base64url. */
#define BATCH_ROWS      64
#define BATCH_BYTES_MAX ((size_t)64 << 20)
/* Of old and new values in one statement. */
#define STATEMENT_BYTES ((size_t)1 << 20)

/* Columns of what `read` gives. */
enum {
    ROW_ID,
    ROW_SEALED
};

struct place {
    const char *column; /* "table.column" */
    const char *count;
    const char *read;
    const char *write;
};

/*
 * In `write`, $1 is JSON: [[id, old, new]]. On PostgreSQL a row that somebody
 * holds is passed over: two that wait for each other would cost a request.
 */
static const struct place places[] = {
#define SEALED(table, column)                                                  \
    {table "." column, "SELECT COUNT(*) FROM " table " WHERE key_id < $1",     \
     "SELECT id, " column " FROM " table " WHERE key_id < $1 AND id > $2 "     \
     "ORDER BY id LIMIT 64",                                                   \
     "UPDATE " table " SET " column " = line.value ->> 2, key_id = $2 FROM "   \
     "{sqlite|json_each(?1) AS line}"                                          \
     "{postgres|jsonb_array_elements(CAST($1 AS jsonb)) AS line(value)} "      \
     "WHERE " table ".id = (line.value ->> 0) AND " table ".key_id < $2 "      \
     "AND " table "." column " = (line.value ->> 1)"                           \
     "{postgres| AND " table ".id IN (SELECT id FROM " table " WHERE id IN "   \
     "(SELECT value ->> 0 FROM jsonb_array_elements(CAST($1 AS jsonb))) "      \
     "FOR UPDATE SKIP LOCKED)}"},
#include "reader/sealed.def"
#undef SEALED
};

/* One batch: its memory, and the statement that is being filled. */
struct batch {
    struct reseal *reseal;
    const struct place *place;
    struct auth_call call;
    struct buf buf;
    struct json_writer json;
    size_t lines;
};

static enum status run(const struct auth_call *call, const char *template,
                       bool writes, const struct value params[2],
                       struct rows *out)
{
    struct query built;
    const struct statement statement = {.query = QUERY_BUILT,
                                        .built = &built,
                                        .params = params,
                                        .param_count = 2};

    TRY(store_build(call->auth->store, slice_from_cstr(template), call->arena,
                    &built));
    return writes
               ? store_write(call->auth->store, &statement, 1, call->arena, out)
               : store_read(call->auth->store, &statement, call->arena, out);
}

enum status reseal_count(const struct reseal *reseal, int64_t *out)
{
    const struct value params[2] = {value_integer(reseal->key_id)};
    struct rows rows;

    *out = 0;
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        struct query built;
        const struct statement statement = {.query = QUERY_BUILT,
                                            .built = &built,
                                            .params = params,
                                            .param_count = 1};

        TRY(store_build(reseal->call->auth->store,
                        slice_from_cstr(places[i].count), reseal->call->arena,
                        &built));
        TRY(store_read(reseal->call->auth->store, &statement,
                       reseal->call->arena, &rows));
        *out += rows.values[0].number;
    }
    return STATUS_OK;
}

static void begin_statement(struct batch *batch)
{
    buf_init(&batch->buf, batch->call.arena, BATCH_BYTES_MAX);
    json_writer_init(&batch->json, &batch->buf);
    json_write_array(&batch->json);
    batch->lines = 0;
}

static enum status end_statement(struct batch *batch)
{
    struct value params[2];
    struct slice lines;
    struct rows rows;

    if (batch->lines == 0) {
        return STATUS_OK;
    }
    json_write_end(&batch->json);
    TRY(json_write_finish(&batch->json, &lines));
    params[0] = value_text(lines);
    params[1] = value_integer(batch->reseal->key_id);
    TRY(run(&batch->call, batch->place->write, true, params, &rows));
    batch->reseal->sealed += (int64_t)rows.changed;
    return STATUS_OK;
}

static enum status add_line(struct batch *batch, struct slice id,
                            struct slice old, struct slice sealed)
{
    json_write_array(&batch->json);
    json_write_text(&batch->json, id);
    json_write_text(&batch->json, old);
    json_write_text(&batch->json, sealed);
    json_write_end(&batch->json);
    batch->lines++;
    if (batch->buf.len < STATEMENT_BYTES) {
        return STATUS_OK;
    }
    TRY(end_statement(batch));
    begin_statement(batch);
    return STATUS_OK;
}

static enum status take_row(struct batch *batch, const struct value row[])
{
    struct reseal *reseal = batch->reseal;
    const struct vault_place place = {slice_from_cstr(batch->place->column),
                                      row[ROW_ID].text};
    struct slice text;
    struct vault_sealed sealed;
    enum status status = vault_open(reseal->vault, &batch->call, &place,
                                    row[ROW_SEALED].text, &text);

    reseal->met++;
    if (status == STATUS_UNREADABLE) {
        reseal->unreadable++;
        log_error("value_unreadable", log_text("column", place.column),
                  log_text("row", place.row));
        return STATUS_OK;
    }
    TRY(status);
    TRY(vault_seal(reseal->vault, &batch->call, &place, text, &sealed));
    /* Somebody made a later one: what it seals is no business of ours. */
    return sealed.key_id == reseal->key_id
               ? add_line(batch, row[ROW_ID].text, row[ROW_SEALED].text,
                          sealed.text)
               : STATUS_TAKEN;
}

/* *after: the last id; *more is false behind the end of the table. */
static enum status run_batch(struct batch *batch, struct slice *after,
                             struct arena *kept, bool *more)
{
    const struct value params[2] = {value_integer(batch->reseal->key_id),
                                    value_text(*after)};
    struct rows rows;

    TRY(run(&batch->call, batch->place->read, false, params, &rows));
    begin_statement(batch);
    for (size_t i = 0; i < rows.count; i++) {
        TRY(take_row(batch, rows.values + i * rows.width));
    }
    TRY(end_statement(batch));
    *more = rows.count == BATCH_ROWS;
    if (*more) {
        const struct value *last = rows.values + (rows.count - 1) * rows.width;

        arena_reset(kept);
        TRY(slice_dup(kept, last[ROW_ID].text, after));
    }
    return STATUS_OK;
}

/* `arena` is the batches'; `kept` holds where the last one ended. */
static enum status run_place(struct reseal *reseal, const struct place *place,
                             struct arena *arena, struct arena *kept)
{
    struct slice after = SLICE_EMPTY;
    bool more = true;

    while (more) {
        struct batch batch = {
            .reseal = reseal, .place = place, .call = *reseal->call};

        batch.call.arena = arena;
        TRY(run_batch(&batch, &after, kept, &more));
        arena_reset(arena);
        if (reseal->progress != NULL) {
            reseal->progress(reseal);
        }
    }
    return STATUS_OK;
}

enum status reseal_pass(struct reseal *reseal)
{
    CLEANUP(arena_release) struct arena arena;
    CLEANUP(arena_release) struct arena kept;

    arena_init(&arena, 4 * BATCH_BYTES_MAX);
    arena_init(&kept, STATEMENT_BYTES);
    TRY(vault_refresh(reseal->vault));
    reseal->met = 0;
    reseal->unreadable = 0;
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        TRY(run_place(reseal, &places[i], &arena, &kept));
    }
    return STATUS_OK;
}
