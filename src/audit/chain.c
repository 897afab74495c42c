/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/chain.h"

#include "audit/audit.h"
#include "audit/entry.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "codec/json_write.h"
#include "net/fiber.h"

/* Few enough that no write takes long, many enough for any rush. */
#define BATCH ((int64_t)500)
/* That many rows, read, hashed and written. */
#define BATCH_MEMORY ((size_t)16 << 20)
#define LINES_MAX    ((size_t)1 << 20)
/* Longer than a write may take from the making of its row. */
#define WATCH_MS ((int64_t)20000)
/* After a failure. */
#define PAUSE_MS  ((int64_t)5000)
#define ANCHOR_MS ((int64_t)3600000)

struct head {
    int64_t seq;
    char hash[AUDIT_HASH_LEN];
    size_t len; /* 0 before the first row */
};

struct audit_chain {
    struct store *store;
    const struct audit_names *names;
    struct fiber_ref fiber;
    struct head head; /* as we last knew it */
    int64_t logged_seq;
    int64_t logged_ms;
    int64_t looked_ms; /* when last, and whether it went well */
    enum status status;
};

enum status audit_chain_new(struct store *store,
                            const struct audit_names *names,
                            struct audit_chain **out)
{
    struct audit_chain *chain = mem_alloc(sizeof(*chain));

    TRY_ALLOC(chain);
    chain->store = store;
    chain->names = names;
    *out = chain;
    return STATUS_OK;
}

void audit_chain_free(struct audit_chain *chain)
{
    mem_free(chain);
}

/* One batch on its way. */
struct batch {
    struct audit_chain *chain;
    struct arena *arena;
    struct rows waiting;
    struct head from;
    struct head to;
    struct slice lines;
};

static struct slice hash_of(const struct head *head)
{
    return slice_make(head->hash, head->len);
}

static enum status set_head(struct head *head, int64_t seq, struct slice hash)
{
    if (hash.len > sizeof(head->hash)) {
        return STATUS_TAKEN; /* none of ours is so long */
    }
    head->seq = seq;
    head->len = hash.len;
    if (hash.len > 0) {
        memcpy(head->hash, hash.ptr, hash.len);
    }
    return STATUS_OK;
}

static enum status read_head(struct batch *batch)
{
    const struct statement statement = {.query = QUERY_audit_head};
    struct rows rows;

    TRY(store_read(batch->chain->store, &statement, batch->arena, &rows));
    if (rows.count == 0) {
        return STATUS_NOT_FOUND;
    }
    TRY(set_head(&batch->from, rows.values[0].number, rows.values[1].text));
    batch->to = batch->from;
    return STATUS_OK;
}

static enum status read_waiting(struct batch *batch)
{
    const struct value limit = value_integer(BATCH);
    const struct statement statement = {
        .query = QUERY_audit_waiting, .params = &limit, .param_count = 1};

    return store_read(batch->chain->store, &statement, batch->arena,
                      &batch->waiting);
}

static enum status add_line(struct batch *batch, size_t row,
                            struct json_writer *json)
{
    struct audit_entry entry;

    audit_entry_take_waiting(&batch->waiting, row, &entry);
    TRY(audit_entry_rename(&entry, batch->chain->names, batch->arena));
    entry.seq = batch->to.seq + 1;
    TRY(audit_entry_hash(&entry, hash_of(&batch->to), batch->arena,
                         &entry.hash));
    TRY(set_head(&batch->to, entry.seq, entry.hash));
    json_write_array(json);
    json_write_text(json, entry.id);
    json_write_int64(json, entry.seq);
    json_write_text(json, entry.hash);
    json_write_text(json, entry.actor);
    json_write_text(json, entry.subject);
    json_write_end(json);
    return STATUS_OK;
}

static enum status make_lines(struct batch *batch)
{
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, batch->arena, LINES_MAX);
    json_writer_init(&json, &buf);
    json_write_array(&json);
    for (size_t i = 0; i < batch->waiting.count; i++) {
        TRY(add_line(batch, i, &json));
    }
    json_write_end(&json);
    return json_write_finish(&json, &batch->lines);
}

/* STATUS_CLOSED when another process has moved the head meanwhile. */
static enum status write_lines(struct batch *batch)
{
    const struct value move[] = {
        value_integer(batch->from.seq), value_text(hash_of(&batch->from)),
        value_integer(batch->to.seq), value_text(hash_of(&batch->to))};
    const struct value lines = value_text(batch->lines);
    const struct statement statements[] = {
        {.query = QUERY_audit_head_move,
         .params = move,
         .param_count = 4,
         .must_change = true},
        {.query = QUERY_audit_number, .params = &lines, .param_count = 1},
    };
    enum status status =
        store_write(batch->chain->store, statements, 2, batch->arena, NULL);

    return status == STATUS_NOT_FOUND ? STATUS_CLOSED : status;
}

static enum status run_batch(struct batch *batch)
{
    /* In this order: rows that another process took meanwhile move it. */
    TRY(read_head(batch));
    TRY(read_waiting(batch));
    if (batch->waiting.count > 0) {
        TRY(make_lines(batch));
        TRY(write_lines(batch));
    }
    batch->chain->head = batch->to;
    return STATUS_OK;
}

enum status audit_chain_run(struct audit_chain *chain)
{
    CLEANUP(arena_release) struct arena arena;
    struct batch batch;
    enum status status;

    arena_init(&arena, BATCH_MEMORY);
    do {
        arena_reset(&arena);
        batch = (struct batch){.chain = chain, .arena = &arena};
        status = run_batch(&batch);
    } while (status == STATUS_OK && batch.waiting.count == (size_t)BATCH);
    return status == STATUS_CLOSED ? STATUS_OK : status;
}

static void log_head(struct audit_chain *chain)
{
    chain->logged_ms = clock_mono_ms();
    if (chain->head.seq == chain->logged_seq) {
        return;
    }
    chain->logged_seq = chain->head.seq;
    log_info("audit_head", log_number("seq", chain->head.seq),
             log_text("hash", hash_of(&chain->head)));
}

/* Once for each reason: it is tried often. */
static void note_status(struct audit_chain *chain, enum status status)
{
    if (status == STATUS_CANCELLED || status == chain->status) {
        return;
    }
    chain->status = status;
    if (status == STATUS_TAKEN || status == STATUS_NOT_FOUND) {
        log_error("audit_broken", log_text("status", status_code(status)));
    } else if (status != STATUS_OK) {
        log_warn("audit_waits", log_text("status", status_code(status)));
    }
}

static bool is_due(const struct audit_chain *chain)
{
    int64_t now = clock_mono_ms();
    int64_t last = audit_last_ms();

    if (chain->status != STATUS_OK) {
        return now - chain->looked_ms >= PAUSE_MS;
    }
    return chain->looked_ms == 0 || (last != 0 && now - last < WATCH_MS) ||
           now - chain->looked_ms >= AUDIT_POLL_MS;
}

static void look(struct audit_chain *chain)
{
    bool is_first = chain->looked_ms == 0;

    chain->looked_ms = clock_mono_ms();
    note_status(chain, audit_chain_run(chain));
    if (is_first) { /* from the start, it counts as logged */
        chain->logged_ms = chain->looked_ms;
    }
    if (chain->looked_ms - chain->logged_ms >= ANCHOR_MS) {
        log_head(chain);
    }
}

static void go_round(void *arg)
{
    struct audit_chain *chain = arg;
    enum status status = STATUS_OK;

    chain->fiber = fiber_ref(fiber_current());
    while (status != STATUS_CANCELLED) {
        if (is_due(chain)) {
            look(chain);
        }
        status = fiber_park(AUDIT_LOOK_MS);
    }
    log_head(chain);
    chain->fiber = (struct fiber_ref){0};
}

enum status audit_chain_start(struct audit_chain *chain, struct loop *loop)
{
    return fiber_start(loop, go_round, chain);
}

void audit_chain_stop(struct audit_chain *chain)
{
    if (chain->fiber.fiber != NULL) {
        fiber_cancel(chain->fiber.fiber);
    }
}
