/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/user_list.h"

#include "base/buf.h"
#include "codec/iso_date.h"
#include "codec/json_read.h"

/* Two conditions of 64 values, before names are expanded. */
#define TEMPLATE_MAX ((size_t)8192)
#define PARAMS_MAX   (USER_LIST_VALUES_MAX + USER_LIST_CONDITIONS + 2)
#define VALUE_MAX    ((size_t)65536)

static const struct {
    struct slice word;
    struct slice sql;
} operators[] = {
    [USER_EQ] = {SLICE_INIT("eq"), SLICE_INIT(" = ")},
    [USER_NE] = {SLICE_INIT("ne"), SLICE_INIT(" <> ")},
    [USER_LT] = {SLICE_INIT("lt"), SLICE_INIT(" < ")},
    [USER_LTE] = {SLICE_INIT("lte"), SLICE_INIT(" <= ")},
    [USER_GT] = {SLICE_INIT("gt"), SLICE_INIT(" > ")},
    [USER_GTE] = {SLICE_INIT("gte"), SLICE_INIT(" >= ")},
    [USER_IN] = {SLICE_INIT("in"), SLICE_INIT(" IN ")},
    [USER_NOT_IN] = {SLICE_INIT("not_in"), SLICE_INIT(" NOT IN ")},
    [USER_CONTAINS] = {SLICE_INIT("contains"), SLICE_INIT(" LIKE ")},
    [USER_STARTS_WITH] = {SLICE_INIT("starts_with"), SLICE_INIT(" LIKE ")},
    [USER_ENDS_WITH] = {SLICE_INIT("ends_with"), SLICE_INIT(" LIKE ")},
};

struct building {
    const struct auth_call *call;
    const struct table *table;
    struct buf text;
    struct value values[PARAMS_MAX];
    size_t count;
};

bool user_operator_find(struct slice word, enum user_operator *out)
{
    for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
        if (slice_equal(operators[i].word, word)) {
            *out = (enum user_operator)i;
            return true;
        }
    }
    return false;
}

size_t user_list_column(const struct auth *auth, struct slice name)
{
    const struct table *table = &auth->schema->tables[TABLE_USER];

    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];

        if (slice_equal(column->name, name) ||
            slice_equal(column->stored, name)) {
            return column->hidden ? COLUMN_NONE : i;
        }
    }
    return COLUMN_NONE;
}

static void add_parameter(struct building *to, struct value value)
{
    if (to->count == PARAMS_MAX) {
        to->text.failed = STATUS_TOO_LARGE;
        return;
    }
    to->values[to->count++] = value;
    buf_format(&to->text, "$%zu", to->count);
}

static bool is_like(enum user_operator how)
{
    return how >= USER_CONTAINS;
}

/* PostgreSQL compares no JSON, and finds parts of texts alone. */
static bool needs_text(const struct column *column, enum user_operator how)
{
    return column->type >= COLUMN_JSON ||
           (is_like(how) && column->type != COLUMN_TEXT);
}

static void add_column(struct building *to, const struct column *column,
                       bool as_text)
{
    buf_format(&to->text, as_text ? "CAST({user.%.*s} AS text)" : "{user.%.*s}",
               SLICE_ARG(column->name));
}

static struct value number_value(struct building *to, struct slice text)
{
    const struct json *json;
    int64_t whole;
    double real;

    if (json_parse(to->call->arena, text, JSON_LIMITS_DEFAULT, &json) !=
        STATUS_OK) {
        return value_text(text);
    }
    if (json_int64(json, &whole) == STATUS_OK) {
        return value_integer(whole);
    }
    return json_number(json, &real) == STATUS_OK
               ? (struct value){.kind = VALUE_REAL, .real = real}
               : value_text(text);
}

/* A text that is not of the column's type stays one: it matches nothing. */
static struct value typed_value(struct building *to,
                                const struct column *column, struct slice text)
{
    int64_t ms;

    switch (column->type) {
    case COLUMN_BOOLEAN:
        return value_boolean(slice_equal(text, SLICE("true")));
    case COLUMN_INTEGER:
    case COLUMN_BIGINT:
        return number_value(to, text);
    case COLUMN_DATE:
        return iso_date_parse(text, &ms) == STATUS_OK ? value_time(ms)
                                                      : value_text(text);
    default:
        return value_text(text);
    }
}

/* Several values stand as JavaScript prints a list. */
static enum status like_pattern(struct building *to,
                                const struct user_condition *condition,
                                struct slice *out)
{
    struct buf buf;

    buf_init(&buf, to->call->arena, VALUE_MAX);
    buf_add(&buf,
            condition->how == USER_STARTS_WITH ? SLICE_EMPTY : SLICE("%"));
    for (size_t i = 0; i < condition->count; i++) {
        buf_add(&buf, i > 0 ? SLICE(",") : SLICE_EMPTY);
        buf_add(&buf, condition->values[i]);
    }
    buf_add(&buf, condition->how == USER_ENDS_WITH ? SLICE_EMPTY : SLICE("%"));
    return buf_finish(&buf, out);
}

static void add_list(struct building *to, const struct column *column,
                     const struct user_condition *condition)
{
    for (size_t i = 0; i < condition->count; i++) {
        buf_add(&to->text, i > 0 ? SLICE(", ") : SLICE("("));
        add_parameter(to, typed_value(to, column, condition->values[i]));
    }
    buf_add_byte(&to->text, ')');
}

static bool is_sound(const struct user_condition *condition)
{
    switch (condition->how) {
    case USER_IN:
        return condition->count > 1;
    case USER_NOT_IN:
    case USER_CONTAINS:
    case USER_STARTS_WITH:
    case USER_ENDS_WITH:
        return condition->count > 0;
    default:
        return condition->count == 1;
    }
}

static enum status add_condition(struct building *to,
                                 const struct user_condition *condition)
{
    const struct column *column = &to->table->columns[condition->column];
    struct slice pattern;

    if (!is_sound(condition)) {
        return STATUS_INVALID_VALUE;
    }
    add_column(to, column, needs_text(column, condition->how));
    buf_add(&to->text, operators[condition->how].sql);
    if (is_like(condition->how)) {
        TRY(like_pattern(to, condition, &pattern));
        add_parameter(to, value_text(pattern));
    } else if (condition->how == USER_IN || condition->how == USER_NOT_IN) {
        add_list(to, column, condition);
    } else {
        add_parameter(to, typed_value(to, column, condition->values[0]));
    }
    return STATUS_OK;
}

static enum status add_conditions(struct building *to,
                                  const struct user_list *in)
{
    buf_add(&to->text, SLICE(" FROM {user}"));
    for (size_t i = 0; i < in->condition_count; i++) {
        buf_add(&to->text, i > 0 ? SLICE(" AND ") : SLICE(" WHERE "));
        TRY(add_condition(to, &in->conditions[i]));
    }
    return STATUS_OK;
}

static void add_page(struct building *to, const struct user_list *in)
{
    int64_t most = (int64_t)STORE_ROWS_MAX;

    if (in->sort != COLUMN_NONE) {
        buf_add(&to->text, SLICE(" ORDER BY "));
        add_column(to, &to->table->columns[in->sort], false);
        buf_add(&to->text, in->descending ? SLICE(" DESC") : SLICE(" ASC"));
    }
    buf_add(&to->text, SLICE(" LIMIT "));
    add_parameter(to, value_integer(in->limit < most ? in->limit : most));
    buf_add(&to->text, SLICE(" OFFSET "));
    add_parameter(to, value_integer(in->offset));
}

static enum status run(struct building *built, struct rows *out)
{
    struct store *store = built->call->auth->store;
    struct query *query = ARENA_NEW(built->call->arena, struct query);
    struct statement statement = {.query = QUERY_BUILT,
                                  .built = query,
                                  .params = built->values,
                                  .param_count = built->count};
    struct slice template;

    TRY_ALLOC(query);
    TRY(buf_finish(&built->text, &template));
    TRY(store_build(store, template, built->call->arena, query));
    return store_read(store, &statement, built->call->arena, out);
}

static enum status begin(const struct auth_call *call, struct slice start,
                         struct building **out)
{
    struct building *building = ARENA_NEW(call->arena, struct building);

    TRY_ALLOC(building);
    building->call = call;
    building->table = &call->auth->schema->tables[TABLE_USER];
    buf_init(&building->text, call->arena, TEMPLATE_MAX);
    buf_add(&building->text, start);
    *out = building;
    return STATUS_OK;
}

static enum status count_all(const struct auth_call *call,
                             const struct user_list *in, int64_t *total)
{
    struct building *counting;
    struct rows rows;

    TRY(begin(call, SLICE("SELECT COUNT(*)"), &counting));
    TRY(add_conditions(counting, in));
    TRY(run(counting, &rows));
    *total = rows.count > 0 && rows.values[0].kind == VALUE_INTEGER
                 ? rows.values[0].number
                 : 0;
    return STATUS_OK;
}

enum status user_list_read(const struct auth_call *call,
                           const struct user_list *in, struct user_page *out)
{
    struct building *listing;

    TRY(begin(call, SLICE("SELECT {user.*}"), &listing));
    TRY(add_conditions(listing, in));
    add_page(listing, in);
    TRY(run(listing, &out->rows));
    return count_all(call, in, &out->total);
}
