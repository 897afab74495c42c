/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/result.h"

#include "base/log.h"

static struct slice cell(const PGresult *result, int row, int column)
{
    return slice_make(pq.getvalue(result, row, column),
                      (size_t)pq.getlength(result, row, column));
}

static enum status take_cell(const PGresult *result, int row, int column,
                             struct arena *arena, struct value *out)
{
    uint32_t type = pq.ftype(result, column);
    enum status status;

    if (pq.getisnull(result, row, column)) {
        *out = VALUE_NOTHING;
        return STATUS_OK;
    }
    status =
        pq.fformat(result, column) == 0
            ? postgres_value_read(type, cell(result, row, column), arena, out)
            : postgres_value_take(type, cell(result, row, column), arena, out);
    if (status == STATUS_INVALID_VALUE) {
        log_error("database_type_unknown",
                  log_text("column", slice_from_cstr(pq.fname(result, column))),
                  log_number("type", type));
    }
    return status;
}

/* "SELECT 3" changed nothing. */
static size_t count_changed(const PGresult *result)
{
    PGresult *writable = (PGresult *)(uintptr_t)result;
    struct slice tag = slice_from_cstr(pq.cmdStatus(writable));
    uint64_t changed = 0;

    if (slice_starts_with(tag, SLICE("SELECT"))) {
        return 0;
    }
    (void)slice_to_u64(slice_from_cstr(pq.cmdTuples(writable)), SIZE_MAX,
                       &changed);
    return (size_t)changed;
}

enum status postgres_result_take(const PGresult *result, struct arena *arena,
                                 struct rows *out)
{
    int width = pq.nfields(result);
    int count = pq.ntuples(result);
    struct value *value;

    *out =
        (struct rows){.width = (size_t)width, .changed = count_changed(result)};
    if ((size_t)count > STORE_ROWS_MAX) {
        return STATUS_TOO_LARGE;
    }
    if (count == 0 || width == 0) {
        return STATUS_OK;
    }
    value = arena_alloc(arena, sizeof(*value) * (size_t)count * (size_t)width);
    TRY_ALLOC(value);
    out->values = value;
    out->count = (size_t)count;
    for (int row = 0; row < count; row++) {
        for (int column = 0; column < width; column++) {
            TRY(take_cell(result, row, column, arena, value++));
        }
    }
    return STATUS_OK;
}

bool postgres_result_is_change(const PGresult *result)
{
    return pq.ntuples(result) > 0 || count_changed(result) > 0;
}
