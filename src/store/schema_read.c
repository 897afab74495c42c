/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_read.h"
#include "store/schema_parts.h"

#include <fcntl.h>
#include <unistd.h>

/* As AUTH_SCHEMA itself; a database with more names is not one of ours. */
#define DESCRIPTION_MAX ((size_t)65536)
#define NAME_RULE                                                              \
    "a name has letters, digits and _, at most 63 bytes, no digit first"

/* One table's part of the description. */
struct part {
    struct schema_draft *draft;
    const struct table_plan *plan;
    struct table_draft *table;
};

static enum status refuse_name(const struct part *part, const char *where,
                               struct slice name)
{
    return schema_refuse(part->draft, "%.*s.%s: '%.*s' will not do: " NAME_RULE,
                         SLICE_ARG(part->plan->name), where,
                         SLICE_ARG(slice_head(name, SCHEMA_NAME_MAX)));
}

static enum status refuse_kind(const struct part *part, const char *where,
                               const char *wanted)
{
    return schema_refuse(part->draft, "%.*s.%s must be %s",
                         SLICE_ARG(part->plan->name), where, wanted);
}

static struct column *find_column(const struct table_draft *table,
                                  struct slice name)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (slice_equal(table->columns[i].name, name)) {
            return (struct column *)&table->columns[i];
        }
    }
    return NULL;
}

static enum status read_model_name(struct part *part, const struct json *json)
{
    struct slice name;

    if (json_text(json, &name) != STATUS_OK) {
        return refuse_kind(part, "modelName", "text");
    }
    if (!schema_is_name(name)) {
        return refuse_name(part, "modelName", name);
    }
    part->table->stored = name;
    return STATUS_OK;
}

/* {"emailVerified": "email_verified"}; the id keeps its name. */
static enum status read_field_name(struct part *part,
                                   const struct json_member *member)
{
    struct column *column = find_column(part->table, member->name);
    struct slice name;

    if (column == NULL || column == &part->table->columns[0]) {
        return schema_refuse(part->draft,
                             "%.*s.fields: there is no column '%.*s' to rename",
                             SLICE_ARG(part->plan->name),
                             SLICE_ARG(slice_head(member->name, 40)));
    }
    if (json_text(member->value, &name) != STATUS_OK) {
        return refuse_kind(part, "fields", "an object of texts");
    }
    if (!schema_is_name(name)) {
        return refuse_name(part, "fields", name);
    }
    column->stored = name;
    return STATUS_OK;
}

static enum status read_field_names(struct part *part, const struct json *json)
{
    struct json_member member = {0};

    if (json_kind_of(json) != JSON_KIND_OBJECT) {
        return refuse_kind(part, "fields", "an object of texts");
    }
    while (json_next(json, &member)) {
        TRY(read_field_name(part, &member));
    }
    return STATUS_OK;
}

/* Clients would find two members of one name, or none that is the core's. */
static bool is_known(const struct table_draft *table, struct slice name)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (slice_equal_nocase(table->columns[i].name, name)) {
            return true;
        }
    }
    return false;
}

static enum status add_field(struct part *part,
                             const struct json_member *member)
{
    struct table_draft *table = part->table;
    struct column *column = &table->columns[table->column_count];
    struct slice path;

    if (!schema_is_name(member->name)) {
        return refuse_name(part, "additionalFields", member->name);
    }
    TRY(arena_format(part->draft->arena, &path, "%.*s.additionalFields.%.*s",
                     SLICE_ARG(part->plan->name), SLICE_ARG(member->name)));
    if (is_known(table, member->name)) {
        return schema_refuse(part->draft, "%.*s: there is such a column",
                             SLICE_ARG(path));
    }
    if (table->column_count == SCHEMA_COLUMNS_MAX) {
        return schema_refuse(part->draft,
                             "%.*s: a table has at most %zu columns",
                             SLICE_ARG(path), SCHEMA_COLUMNS_MAX);
    }
    *column = (struct column){.additional = true};
    TRY(slice_dup(part->draft->arena, member->name, &column->name));
    TRY(schema_stored_name(part->draft, column->name, &column->stored));
    TRY(schema_read_field(part->draft, path, member->value, column));
    table->column_count++;
    return STATUS_OK;
}

static enum status read_additional(struct part *part, const struct json *json)
{
    struct json_member member = {0};

    if (json_kind_of(json) != JSON_KIND_OBJECT) {
        return refuse_kind(part, "additionalFields", "an object");
    }
    while (json_next(json, &member)) {
        TRY(add_field(part, &member));
    }
    return STATUS_OK;
}

static enum status read_member(struct part *part,
                               const struct json_member *member)
{
    if (slice_equal(member->name, SLICE("modelName"))) {
        return read_model_name(part, member->value);
    }
    if (slice_equal(member->name, SLICE("fields"))) {
        return read_field_names(part, member->value);
    }
    if (part->plan->takes_additional &&
        slice_equal(member->name, SLICE("additionalFields"))) {
        return read_additional(part, member->value);
    }
    return schema_refuse(
        part->draft, "%.*s.%.*s: only modelName, fields%s are known here",
        SLICE_ARG(part->plan->name), SLICE_ARG(slice_head(member->name, 40)),
        part->plan->takes_additional ? ", additionalFields" : "");
}

static enum status read_table(struct part *part, const struct json *json)
{
    struct json_member member = {0};

    if (json_kind_of(json) != JSON_KIND_OBJECT) {
        return schema_refuse(part->draft, "%.*s must be an object",
                             SLICE_ARG(part->plan->name));
    }
    while (json_next(json, &member)) {
        TRY(read_member(part, &member));
    }
    return STATUS_OK;
}

static enum status read_named(struct schema_draft *draft,
                              const struct json_member *member)
{
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        struct part part = {draft, &schema_plans[i], &draft->tables[i]};

        if (slice_equal(member->name, schema_plans[i].name)) {
            return read_table(&part, member->value);
        }
    }
    return schema_refuse(draft,
                         "%.*s: only user, session, account, verification, "
                         "jwks, rateLimit are known here",
                         SLICE_ARG(slice_head(member->name, 40)));
}

static enum status read_json(struct schema_draft *draft, struct slice text)
{
    const struct json_limits limits = {DESCRIPTION_MAX, 4096, false};
    struct json_member member = {0};
    const struct json *json;
    enum status status = json_parse(draft->arena, text, limits, &json);

    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK || json_kind_of(json) != JSON_KIND_OBJECT) {
        return schema_refuse(draft, "it is not a JSON object, or names "
                                    "something twice");
    }
    while (json_next(json, &member)) {
        TRY(read_named(draft, &member));
    }
    return STATUS_OK;
}

static void close_file(const int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
}

/* STATUS_TOO_LARGE, or STATUS_NOT_FOUND whatever else is wrong. */
static enum status read_file(struct arena *arena, struct slice name,
                             struct slice *out)
{
    char *bytes = arena_alloc_text(arena, DESCRIPTION_MAX + 1);
    struct slice path;
    size_t len = 0;
    ssize_t got = 1;

    TRY_ALLOC(bytes);
    TRY(slice_dup(arena, name, &path));
    int fd CLEANUP(close_file) = open(path.ptr, O_RDONLY | O_CLOEXEC);
    while (got > 0 && len <= DESCRIPTION_MAX) {
        got = read(fd, bytes + len, DESCRIPTION_MAX + 1 - len);
        len += got > 0 ? (size_t)got : 0;
    }
    *out = slice_make(bytes, len);
    if (len > DESCRIPTION_MAX) {
        return STATUS_TOO_LARGE;
    }
    return got < 0 ? STATUS_NOT_FOUND : STATUS_OK;
}

enum status schema_read(struct schema_draft *draft, struct slice description)
{
    struct slice text = description;
    enum status status = STATUS_OK;

    if (description.len == 0) {
        return STATUS_OK;
    }
    if (description.ptr[0] != '{') {
        status = read_file(draft->arena, description, &text);
    }
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        return schema_refuse(
            draft, "the file '%.*s' %s", SLICE_ARG(description),
            status == STATUS_TOO_LARGE ? "is too large" : "cannot be read");
    }
    return read_json(draft, text);
}
