/* SPDX-License-Identifier: Apache-2.0 */
/* A page of users. */
#include "api/better_auth/admin/admin.h"
#include "api/better_auth/endpoints.h"
#include "auth/record_json.h"
#include "auth/user_list.h"
#include "codec/json_read.h"

const struct input admin_list_input = {
    .place = INPUT_QUERY,
    .fields = {{SLICE_INIT("searchValue"), INPUT_TEXT, true},
               {SLICE_INIT("searchField"), INPUT_TEXT, true,
                SLICE_INIT("email,name")},
               {SLICE_INIT("searchOperator"), INPUT_TEXT, true,
                SLICE_INIT("contains,starts_with,ends_with")},
               {SLICE_INIT("limit"), INPUT_TEXT_ONCE, true},
               {SLICE_INIT("offset"), INPUT_TEXT_ONCE, true},
               {SLICE_INIT("sortBy"), INPUT_TEXT, true},
               {SLICE_INIT("sortDirection"), INPUT_TEXT, true,
                SLICE_INIT("asc,desc")},
               {SLICE_INIT("filterField"), INPUT_TEXT, true},
               {SLICE_INIT("filterValue"), INPUT_TEXTS, true},
               {SLICE_INIT("filterOperator"), INPUT_TEXT, true,
                SLICE_INIT("eq,ne,lt,lte,gt,gte,in,not_in,contains,"
                           "starts_with,ends_with")}},
};

struct listing {
    struct user_list list;
    struct slice search;
    struct slice filter[USER_LIST_VALUES_MAX];
    int64_t limit; /* as asked for; 0: not */
    int64_t offset;
};

/*
 * As JavaScript reads a number, but for forms nobody uses; what is none counts
 * as 0. A fraction is INVALID_VALUE: no database takes it.
 */
static enum status read_number(const struct visit *visit, struct slice name,
                               int64_t *out)
{
    struct slice text = slice_trim(visit_query(visit, name));
    const struct json *json;
    double real;

    *out = 0;
    if (text.len == 0 || json_parse(visit->arena, text, JSON_LIMITS_DEFAULT,
                                    &json) != STATUS_OK) {
        return STATUS_OK;
    }
    if (json_int64(json, out) == STATUS_OK) {
        return STATUS_OK;
    }
    return json_number(json, &real) == STATUS_OK ? STATUS_INVALID_VALUE
                                                 : STATUS_OK;
}

static struct slice word_or(const struct visit *visit, struct slice name,
                            struct slice otherwise)
{
    struct slice word = visit_query(visit, name);

    return word.len > 0 ? word : otherwise;
}

/* STATUS_INVALID_VALUE for a column there is not. */
static enum status add_condition(const struct visit *visit, struct slice field,
                                 struct slice how, struct user_list *to)
{
    struct user_condition *condition = &to->conditions[to->condition_count];

    condition->column = user_list_column(visit->call.auth, field);
    if (condition->column == COLUMN_NONE ||
        !user_operator_find(how, &condition->how)) {
        return STATUS_INVALID_VALUE;
    }
    to->condition_count++;
    return STATUS_OK;
}

static enum status read_search(const struct visit *visit,
                               struct listing *listing)
{
    struct user_condition *condition =
        &listing->list.conditions[listing->list.condition_count];

    listing->search = visit_query(visit, SLICE("searchValue"));
    if (listing->search.len == 0) {
        return STATUS_OK;
    }
    condition->values = &listing->search;
    condition->count = 1;
    return add_condition(
        visit, word_or(visit, SLICE("searchField"), SLICE("email")),
        word_or(visit, SLICE("searchOperator"), SLICE("contains")),
        &listing->list);
}

static enum status read_filter(const struct visit *visit,
                               struct listing *listing)
{
    struct user_condition *condition =
        &listing->list.conditions[listing->list.condition_count];

    for (size_t i = 0; i < visit->query.count; i++) {
        if (slice_equal(visit->query.pairs[i].name, SLICE("filterValue")) &&
            condition->count < USER_LIST_VALUES_MAX) {
            listing->filter[condition->count++] = visit->query.pairs[i].value;
        }
    }
    if (condition->count == 0) {
        return STATUS_OK;
    }
    condition->values = listing->filter;
    return add_condition(
        visit, word_or(visit, SLICE("filterField"), SLICE("email")),
        word_or(visit, SLICE("filterOperator"), SLICE("eq")), &listing->list);
}

static enum status read_order(const struct visit *visit, struct user_list *list)
{
    struct slice field = visit_query(visit, SLICE("sortBy"));

    list->sort = COLUMN_NONE;
    if (field.len == 0) {
        return STATUS_OK;
    }
    list->sort = user_list_column(visit->call.auth, field);
    list->descending =
        slice_equal(visit_query(visit, SLICE("sortDirection")), SLICE("desc"));
    return list->sort == COLUMN_NONE ? STATUS_INVALID_VALUE : STATUS_OK;
}

static enum status read_listing(const struct visit *visit,
                                struct listing *listing)
{
    TRY(read_number(visit, SLICE("limit"), &listing->limit));
    TRY(read_number(visit, SLICE("offset"), &listing->offset));
    TRY(read_search(visit, listing));
    TRY(read_filter(visit, listing));
    TRY(read_order(visit, &listing->list));
    listing->list.limit =
        listing->limit == 0 ? USER_LIST_DEFAULT : listing->limit;
    listing->list.offset = listing->offset;
    return STATUS_OK;
}

static void write_number(struct json_writer *json, struct slice name,
                         int64_t number)
{
    if (number != 0) {
        json_write_name(json, name);
        json_write_int64(json, number);
    }
}

static enum status answer_page(struct visit *visit,
                               const struct listing *listing,
                               const struct user_page *page)
{
    const struct table *table = &visit->call.auth->schema->tables[TABLE_USER];
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("users"));
    json_write_array(&json);
    for (size_t i = 0; i < page->rows.count; i++) {
        struct record user;

        TRY(record_take(table, &page->rows, i, 0, visit->arena, &user));
        record_write(&json, &user);
    }
    json_write_end(&json);
    json_write_name(&json, SLICE("total"));
    json_write_int64(&json, page->total);
    write_number(&json, SLICE("limit"), listing->limit);
    write_number(&json, SLICE("offset"), listing->offset);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

/* As the original says of whatever its database would not have. */
static enum status answer_nobody(struct visit *visit)
{
    response_text(visit->response, SLICE("application/json"),
                  SLICE("{\"users\":[],\"total\":0}"));
    return STATUS_OK;
}

enum status admin_list_users(struct visit *visit)
{
    struct listing *listing = ARENA_NEW(visit->arena, struct listing);
    struct user_page page;
    enum status status;

    TRY_ALLOC(listing);
    TRY(admin_check(visit, SLICE("user"), SLICE("list"),
                    STATUS_MAY_NOT_LIST_USERS));
    status = read_listing(visit, listing);
    if (status == STATUS_OK) {
        status = user_list_read(&visit->call, &listing->list, &page);
    }
    if (status == STATUS_INVALID_VALUE || status == STATUS_TOO_LARGE) {
        return answer_nobody(visit);
    }
    TRY(status);
    return answer_page(visit, listing, &page);
}
