/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the body, and as the query, of every endpoint: what is refused
 * is refused with a reason, and what is let through has the declared type and
 * touches no column that is not anybody's to set.
 */
#include "fuzz.h"

#include "api/better_auth/fields.h"
#include "api/better_auth/open_api/table.h"
#include "codec/json_read.h"
#include "codec/utf8.h"

#define FIELDS                                                                 \
    "{\"text\":{\"type\":\"string\"},\"need\":{\"type\":\"string\","           \
    "\"required\":true},\"number\":{\"type\":\"number\"},\"large\":{\"type\":" \
    "\"number\",\"bigint\":true},\"flag\":{\"type\":\"boolean\"},\"day\":{"    \
    "\"type\":\"date\"},\"json\":{\"type\":\"json\"},\"texts\":{\"type\":"     \
    "\"string[]\"},\"numbers\":{\"type\":\"number[]\"},\"word\":{\"type\":["   \
    "\"a\",\"b\"]},\"fixed\":{\"type\":\"string\",\"input\":false}}"

static struct arena kept;
static struct arena arena;
static struct schema schema;
static struct auth auth;

static void make_schema(void)
{
    const struct schema_settings settings = {
        .description =
            SLICE("{\"user\":{\"additionalFields\":" FIELDS
                  "},\"session\":{\"additionalFields\":" FIELDS "}}"),
        .admin = true,
    };
    struct slice why = SLICE_EMPTY;

    arena_init(&kept, FUZZ_ARENA);
    if (schema_make(&settings, &kept, &why, &schema) != STATUS_OK) {
        (void)fprintf(stderr, "%.*s\n", SLICE_ARG(why));
        abort();
    }
    auth.schema = &schema;
}

static void check_answer(enum status status, struct slice message,
                         struct slice start)
{
    if (status == STATUS_VALIDATION_ERROR) {
        must(slice_starts_with(message, start));
        must(utf8_is_valid(message));
        return;
    }
    must(status == STATUS_OK);
}

static void check_endpoints(const struct json *body, const struct form *query)
{
    for (size_t i = 0; i < open_api_count; i++) {
        const struct input *input = open_api_table[i].endpoint.input;
        struct slice message = SLICE_EMPTY;

        if (input->place == INPUT_QUERY) {
            check_answer(input_check_query(input, query, &arena, &message),
                         message, SLICE("[query"));
        } else {
            check_answer(input_check_body(input, body, &arena, &message),
                         message, SLICE("[body"));
        }
    }
}

static bool fits(const struct column *column, const struct value *value)
{
    if (value->kind == VALUE_NULL) {
        return !column->required;
    }
    switch (column->type) {
    case COLUMN_INTEGER:
        return value->kind == VALUE_INTEGER && value->number >= INT32_MIN &&
               value->number <= INT32_MAX;
    case COLUMN_BIGINT:
        return value->kind == VALUE_INTEGER;
    case COLUMN_BOOLEAN:
        return value->kind == VALUE_BOOLEAN;
    case COLUMN_DATE:
        return value->kind == VALUE_TIME;
    default:
        return value->kind == VALUE_TEXT && utf8_is_valid(value->text);
    }
}

static void check_changes(const struct table *table,
                          const struct column_changes *changes)
{
    must(changes->count < table->column_count);
    for (size_t i = 0; i < changes->count; i++) {
        const struct column_change *change = &changes->items[i];

        must(change->column < table->column_count);
        must(fits(&table->columns[change->column], &change->value));
    }
}

static void check_own(struct visit *visit, enum table_id id,
                      enum fields_for what)
{
    const struct table *table = &schema.tables[id];
    struct column_changes changes = {.count = 0};
    enum status status;

    visit->message = SLICE_EMPTY;
    status = fields_read(visit, id, what, &changes);
    if (status != STATUS_OK) {
        must(status == STATUS_VALIDATION_ERROR ||
             status == STATUS_MISSING_FIELD ||
             status == STATUS_FIELD_NOT_ALLOWED || status == STATUS_TOO_LARGE);
        must(visit->message.len > 0 || status == STATUS_TOO_LARGE);
        return;
    }
    check_changes(table, &changes);
    for (size_t i = 0; i < changes.count; i++) {
        const struct column *column = &table->columns[changes.items[i].column];

        must(column->additional && !column->no_input);
    }
}

/* An administrator's: any column but a few. */
static void check_others(struct visit *visit)
{
    struct column_changes changes = {.count = 0};

    if (fields_read_user(visit, visit->body, &changes) != STATUS_OK) {
        return;
    }
    check_changes(&schema.tables[TABLE_USER], &changes);
    for (size_t i = 0; i < changes.count; i++) {
        size_t column = changes.items[i].column;

        must(column != USER_ID && column != USER_EMAIL &&
             column != USER_UPDATED_AT && column != schema.user_role);
    }
}

static void check_ids(const struct json *body)
{
    struct slice id;

    must_be_ok(input_id_text(body, &arena, &id));
    must_be_ok(input_id_text(json_get(body, SLICE("userId")), &arena, &id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct form_limits limits = {.pairs = 64};
    struct slice text = slice_make(data, size);
    struct visit visit = {.arena = &arena, .call = {.auth = &auth}};
    struct form query;

    if (auth.schema == NULL) {
        make_schema();
    }
    arena_init(&arena, FUZZ_ARENA);
    visit.call.arena = &arena;
    if (form_parse(&arena, text, limits, &query) != STATUS_OK) {
        query = (struct form){0};
    }
    if (json_parse(&arena, text, JSON_LIMITS_DEFAULT, &visit.body) !=
        STATUS_OK) {
        visit.body = NULL;
    }
    check_endpoints(visit.body, &query);
    check_ids(visit.body);
    for (int what = FIELDS_CREATE; what <= FIELDS_UPDATE; what++) {
        check_own(&visit, TABLE_USER, (enum fields_for)what);
        check_own(&visit, TABLE_SESSION, (enum fields_for)what);
    }
    check_others(&visit);
    arena_release(&arena);
    return 0;
}
