/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_parts.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_MAX_BYTES 512

enum status schema_refuse(struct schema_draft *draft, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    *draft->why = SLICE("out of memory");
    TRY(slice_dup(draft->arena, slice_from_cstr(line), draft->why));
    return STATUS_INVALID_VALUE;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_name_byte(char c)
{
    return c == '_' || ascii_is_digit(c) ||
           (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

bool schema_is_name(struct slice name)
{
    if (name.len == 0 || name.len > SCHEMA_NAME_MAX ||
        ascii_is_digit(name.ptr[0])) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        if (!is_name_byte(name.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* A word begins at a capital: emailVerified; but avatarURL has only two. */
static bool begins_word(struct slice name, size_t at)
{
    return at > 0 && is_upper(name.ptr[at]) && name.ptr[at - 1] != '_' &&
           (!is_upper(name.ptr[at - 1]) ||
            (at + 1 < name.len && !is_upper(name.ptr[at + 1])));
}

enum status schema_stored_name(struct schema_draft *draft, struct slice name,
                               struct slice *out)
{
    struct buf text;

    *out = name;
    if (!draft->snake_case) {
        return STATUS_OK;
    }
    buf_init(&text, draft->arena, 2 * SCHEMA_NAME_MAX);
    for (size_t i = 0; i < name.len; i++) {
        if (begins_word(name, i)) {
            buf_add_byte(&text, '_');
        }
        buf_add_byte(&text, ascii_lower(name.ptr[i]));
    }
    return buf_finish(&text, out);
}

static enum status add_columns(struct schema_draft *draft,
                               struct table_draft *table,
                               const struct column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct column *column = &table->columns[table->column_count++];

        *column = columns[i];
        TRY(schema_stored_name(draft, column->name, &column->stored));
    }
    return STATUS_OK;
}

static enum status draft_tables(struct schema_draft *draft, bool admin)
{
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        const struct table_plan *plan = &schema_plans[i];
        struct table_draft *table = &draft->tables[i];

        table->name = plan->name;
        TRY(schema_stored_name(draft, plan->name, &table->stored));
        TRY(add_columns(draft, table, plan->columns, plan->column_count));
        if (admin) {
            TRY(add_columns(draft, table, plan->admin, plan->admin_count));
        }
    }
    return STATUS_OK;
}

/* SQLite takes names that differ in case only for the same. */
static enum status check_columns(struct schema_draft *draft,
                                 const struct table_draft *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        struct slice stored = table->columns[i].stored;

        if (!schema_is_name(stored)) {
            return schema_refuse(draft, "%.*s: '%.*s' is too long for a column",
                                 SLICE_ARG(table->name), SLICE_ARG(stored));
        }
        for (size_t j = 0; j < i; j++) {
            if (slice_equal_nocase(stored, table->columns[j].stored)) {
                return schema_refuse(draft,
                                     "%.*s: two columns are called '%.*s'",
                                     SLICE_ARG(table->name), SLICE_ARG(stored));
            }
        }
    }
    return STATUS_OK;
}

static bool is_reserved(struct slice name)
{
    struct slice ours = SLICE("bookplate_");
    struct slice theirs = SLICE("sqlite_");

    return slice_equal_nocase(slice_head(name, ours.len), ours) ||
           slice_equal_nocase(slice_head(name, theirs.len), theirs);
}

static enum status check_tables(struct schema_draft *draft)
{
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        struct slice stored = draft->tables[i].stored;

        if (is_reserved(stored)) {
            return schema_refuse(draft, "%.*s.modelName: '%.*s' is reserved",
                                 SLICE_ARG(draft->tables[i].name),
                                 SLICE_ARG(stored));
        }
        for (size_t j = 0; j < i; j++) {
            if (slice_equal_nocase(stored, draft->tables[j].stored)) {
                return schema_refuse(draft, "two tables are called '%.*s'",
                                     SLICE_ARG(stored));
            }
        }
        TRY(check_columns(draft, &draft->tables[i]));
    }
    return STATUS_OK;
}

static enum status take_table(const struct table_draft *draft,
                              struct arena *arena, bool exists,
                              struct table *out)
{
    size_t size = draft->column_count * sizeof(*draft->columns);
    struct column *columns = arena_alloc(arena, size);

    TRY_ALLOC(columns);
    memcpy(columns, draft->columns, size);
    *out = (struct table){
        .name = draft->name,
        .stored = draft->stored,
        .columns = columns,
        .column_count = draft->column_count,
        .exists = exists,
    };
    return STATUS_OK;
}

static enum status take_tables(const struct schema_draft *draft,
                               const struct schema_settings *settings,
                               struct schema *out)
{
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        bool exists = (i != TABLE_JWKS || settings->jwt) &&
                      (i != TABLE_RATE_LIMIT || settings->rate_limit);

        TRY(take_table(&draft->tables[i], draft->arena, exists,
                       &out->tables[i]));
    }
    return STATUS_OK;
}

/* Without the plugin an operator's column of that name is just a column. */
static size_t admin_column(const struct schema_settings *settings,
                           const struct table *table, struct slice name)
{
    return settings->admin ? table_column(table, name) : COLUMN_NONE;
}

static void find_admin_columns(const struct schema_settings *settings,
                               struct schema *out)
{
    const struct table *user = &out->tables[TABLE_USER];
    const struct table *session = &out->tables[TABLE_SESSION];

    out->user_role = admin_column(settings, user, SLICE("role"));
    out->user_banned = admin_column(settings, user, SLICE("banned"));
    out->user_ban_reason = admin_column(settings, user, SLICE("banReason"));
    out->user_ban_expires = admin_column(settings, user, SLICE("banExpires"));
    out->session_impersonated_by =
        admin_column(settings, session, SLICE("impersonatedBy"));
}

static enum status fill(struct schema_draft *draft,
                        const struct schema_settings *settings,
                        struct schema *out)
{
    TRY(draft_tables(draft, settings->admin));
    TRY(schema_read(draft, settings->description));
    TRY(check_tables(draft));
    TRY(take_tables(draft, settings, out));
    find_admin_columns(settings, out);
    return STATUS_OK;
}

enum status schema_make(const struct schema_settings *settings,
                        struct arena *arena, struct slice *why,
                        struct schema *out)
{
    /* Room for every column there may be: not in the arena, which stays. */
    struct schema_draft *draft = mem_alloc(sizeof(*draft));
    enum status status;

    *why = SLICE("out of memory");
    *out = (struct schema){.id_type = settings->id_type};
    TRY_ALLOC(draft);
    draft->arena = arena;
    draft->why = why;
    draft->snake_case = settings->snake_case;
    status = fill(draft, settings, out);
    mem_free(draft);
    *why = status == STATUS_OK ? SLICE_EMPTY : *why;
    return status;
}

size_t table_column(const struct table *table, struct slice name)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (slice_equal(table->columns[i].name, name)) {
            return i;
        }
    }
    return COLUMN_NONE;
}
