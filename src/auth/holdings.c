/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/holdings.h"

#include "base/clock.h"
#include "net/fiber.h"

/* Of one look: a look takes a millisecond of a loop on SQLite. */
#define LOOK_READERS INT64_C(500)
#define LOOK_BYTES   ((size_t)1 << 20)
/* Between two looks, which the loop has for others. */
#define PAUSE_MS ((int64_t)20)

static const struct {
    enum query_id erase;
    enum query_id readers;
} holdings[HOLDINGS] = {
#define HOLDING(name, table) {QUERY_##name##_erase, QUERY_##name##_readers},
#include "store/holdings.def"
#undef HOLDING
};

void holdings_erase(const struct value *id,
                    struct statement statements[HOLDINGS])
{
    for (size_t i = 0; i < HOLDINGS; i++) {
        statements[i] = (struct statement){
            .query = holdings[i].erase, .params = id, .param_count = 1};
    }
}

static enum status erase_absent(const struct auth_call *call, struct value id)
{
    const struct audit_note note = {
        .event = AUDIT_ERASURE, .actor = SLICE("sweep"), .subject = id};
    struct statement statements[1 + HOLDINGS] = {
        {.query = QUERY_user_absent,
         .params = &id,
         .param_count = 1,
         .must_change = true,
         .erases = true},
    };
    enum status status;

    holdings_erase(&id, &statements[1]);
    status = auth_write_noted(call, statements, 1 + HOLDINGS, NULL, &note);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The readers behind *after; *after becomes the last of them. */
static enum status look(const struct auth_call *call, enum query_id readers,
                        struct slice *after, size_t *count)
{
    const struct value params[] = {value_text(*after),
                                   value_integer(LOOK_READERS)};
    struct rows rows;

    TRY(auth_read(call, readers, params, 2, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        const struct value *row = &rows.values[i * rows.width];

        *after = row[0].text;
        if (row[1].kind == VALUE_NULL) {
            TRY(erase_absent(call, row[0]));
        }
    }
    *count = rows.count;
    return STATUS_OK;
}

/* Room for the id at which a look ended. */
struct place {
    char id[256];
    size_t len;
};

static enum status look_on(const struct auth *auth, enum query_id readers,
                           struct place *place, size_t *count)
{
    CLEANUP(arena_release) struct arena arena;
    const struct auth_call call = {
        .auth = auth, .arena = &arena, .now = clock_wall_ms()};
    struct slice after = slice_make(place->id, place->len);

    arena_init(&arena, LOOK_BYTES);
    TRY(look(&call, readers, &after, count));
    if (after.len > sizeof(place->id)) {
        return STATUS_TOO_LARGE;
    }
    memmove(place->id, after.ptr, after.len);
    place->len = after.len;
    return STATUS_OK;
}

static enum status sweep_one(const struct auth *auth, enum query_id readers)
{
    struct place place = {.len = 0};
    size_t count = (size_t)LOOK_READERS;

    while (count == (size_t)LOOK_READERS) {
        TRY(look_on(auth, readers, &place, &count));
        if (fiber_park(PAUSE_MS) == STATUS_CANCELLED) {
            return STATUS_CANCELLED;
        }
    }
    return STATUS_OK;
}

enum status holdings_sweep(const struct auth *auth)
{
    for (size_t i = 0; i < HOLDINGS; i++) {
        TRY(sweep_one(auth, holdings[i].readers));
    }
    return STATUS_OK;
}
