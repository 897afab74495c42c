/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/progress.h"

#include "base/map.h"
#include "codec/json_write.h"
#include "codec/utf8.h"

/* A device may be ahead of us by so much; one that is further is wrong. */
#define AHEAD_MS ((int64_t)60000)
/* A row as JSON, every character of it escaped. */
#define ROW_BYTES (2 * (PROGRESS_PAGE_MAX + PROGRESS_PLACE_MAX) + 128)

const struct slice progress_states[PROGRESS_STATES] = {
    SLICE_INIT("unread"), SLICE_INIT("visited"), SLICE_INIT("reading"),
    SLICE_INIT("read")};

/* What one device said about a page. */
struct mark {
    struct slice page;
    struct slice state;
    struct slice place;
    int64_t seconds;
    int64_t at;
};

/* Of a batch: a page stands in it once. */
struct marks {
    struct mark *items;
    size_t count;
};

/* C0, DEL and C1; the text is valid, as JSON that was read always is. */
static bool has_controls(struct slice text)
{
    while (text.len > 0) {
        uint32_t code;
        size_t len = utf8_decode(text, &code);

        if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
            return true;
        }
        text = slice_from(text, len);
    }
    return false;
}

/* An address below this site: a page shows it as a link. */
static bool is_page(struct slice page)
{
    return page.len <= PROGRESS_PAGE_MAX &&
           slice_starts_with(page, SLICE("/")) &&
           !slice_starts_with(page, SLICE("//")) &&
           slice_find(page, '?') == page.len &&
           slice_find(page, '#') == page.len &&
           slice_find(page, '\\') == page.len && !has_controls(page);
}

static bool is_state(struct slice state)
{
    for (size_t i = 0; i < PROGRESS_STATES; i++) {
        if (slice_equal(progress_states[i], state)) {
            return true;
        }
    }
    return false;
}

/* Where a problem is: `entry` is "" or "progress[3].". */
static enum status add_problem(struct problems *problems, struct slice entry,
                               struct slice name, const char *text)
{
    struct slice field;

    TRY(arena_format(problems->arena, &field, "%.*s%.*s", SLICE_ARG(entry),
                     SLICE_ARG(slice_head(name, PROBLEM_NAME_MAX))));
    return problems_add(problems, field, "%s", text);
}

static bool is_number_to(const struct json *json, int64_t max)
{
    int64_t number;

    return json_int64(json, &number) == STATUS_OK && number >= 0 &&
           number <= max;
}

/* What is wrong with a member, or NULL. */
static const char *judge(const struct json_member *member)
{
    struct slice text = SLICE_EMPTY;
    bool is_text = json_text(member->value, &text) == STATUS_OK;

    if (slice_equal(member->name, SLICE("page"))) {
        return is_text && is_page(text)
                   ? NULL
                   : "A page is a path such as /docs/intro: at most 512 "
                     "bytes, without query and fragment.";
    }
    if (slice_equal(member->name, SLICE("state"))) {
        return is_text && is_state(text)
                   ? NULL
                   : "Use unread, visited, reading or read.";
    }
    if (slice_equal(member->name, SLICE("place"))) {
        return is_text && text.len <= PROGRESS_PLACE_MAX && !has_controls(text)
                   ? NULL
                   : "A place is a text of at most 256 bytes.";
    }
    if (slice_equal(member->name, SLICE("seconds"))) {
        return is_number_to(member->value, PROGRESS_SECONDS_MAX)
                   ? NULL
                   : "Use a whole number from 0 to 100000000.";
    }
    if (slice_equal(member->name, SLICE("at"))) {
        return is_number_to(member->value, INT64_MAX)
                   ? NULL
                   : "Use milliseconds since 1970, a whole number.";
    }
    return "There is no such field here.";
}

static enum status check_one(const struct json *json, struct slice entry,
                             struct problems *problems)
{
    struct json_member member = {0};

    while (json_next(json, &member)) {
        const char *text = judge(&member);

        if (text != NULL) {
            TRY(add_problem(problems, entry, member.name, text));
        }
    }
    if (json_get(json, SLICE("page")) == NULL) {
        TRY(add_problem(problems, entry, SLICE("page"), "It is missing."));
    }
    return json_get(json, SLICE("state")) == NULL
               ? add_problem(problems, entry, SLICE("state"), "It is missing.")
               : STATUS_OK;
}

static enum status check_at(const struct json *json, size_t at,
                            struct problems *problems)
{
    struct slice entry;

    TRY(arena_format(problems->arena, &entry, "progress[%zu]", at));
    if (json_kind_of(json) != JSON_KIND_OBJECT) {
        return problems_add(problems, entry, "Use an object.");
    }
    TRY(arena_format(problems->arena, &entry, "progress[%zu].", at));
    return check_one(json, entry, problems);
}

enum status progress_check(const struct json *list, struct problems *problems)
{
    if (json_kind_of(list) == JSON_KIND_OBJECT) {
        return check_one(list, SLICE_EMPTY, problems);
    }
    if (json_kind_of(list) != JSON_KIND_ARRAY ||
        json_count(list) > PROGRESS_BATCH_MAX) {
        return problems_add(problems, SLICE("progress"),
                            "Use an array of at most %zu entries.",
                            PROGRESS_BATCH_MAX);
    }
    for (size_t i = 0; i < json_count(list); i++) {
        TRY(check_at(json_at(list, i), i, problems));
    }
    return STATUS_OK;
}

static struct slice text_of(const struct json *json, struct slice name)
{
    struct slice text;

    return json_text(json_get(json, name), &text) == STATUS_OK ? text
                                                               : SLICE_EMPTY;
}

static int64_t number_of(const struct json *json, struct slice name,
                         int64_t without)
{
    int64_t number;

    return json_int64(json_get(json, name), &number) == STATUS_OK ? number
                                                                  : without;
}

/*
 * Else a device with a wrong clock would have the last word on a page for
 * years.
 */
static struct mark read_mark(const struct json *json, int64_t now)
{
    int64_t at = number_of(json, SLICE("at"), now);

    return (struct mark){
        .page = text_of(json, SLICE("page")),
        .state = text_of(json, SLICE("state")),
        .place = text_of(json, SLICE("place")),
        .seconds = number_of(json, SLICE("seconds"), 0),
        .at = at > now + AHEAD_MS ? now : at,
    };
}

/* As the statement does with what is stored. */
static void merge(struct mark *held, const struct mark *mark)
{
    int64_t seconds =
        held->seconds > mark->seconds ? held->seconds : mark->seconds;

    if (mark->at >= held->at) {
        *held = *mark;
    }
    held->seconds = seconds;
}

/* PostgreSQL refuses to change a row twice in a statement. */
static enum status read_marks(const struct auth_call *call,
                              const struct json *list, struct marks *out)
{
    bool alone = json_kind_of(list) == JSON_KIND_OBJECT;
    size_t count = alone ? 1 : json_count(list);
    struct map pages;

    *out = (struct marks){
        .items = arena_alloc(call->arena, (count + 1) * sizeof(*out->items))};
    TRY_ALLOC(out->items);
    map_init(&pages, call->arena);
    for (size_t i = 0; i < count; i++) {
        struct mark mark =
            read_mark(alone ? list : json_at(list, i), call->now);
        struct mark *held = map_get(&pages, mark.page);

        if (held != NULL) {
            merge(held, &mark);
            continue;
        }
        out->items[out->count] = mark;
        TRY(map_put(&pages, mark.page, &out->items[out->count++]));
    }
    return STATUS_OK;
}

static void write_mark(struct json_writer *json, const struct mark *mark)
{
    json_write_array(json);
    json_write_text(json, mark->page);
    json_write_text(json, mark->state);
    json_write_text(json, mark->place);
    json_write_int64(json, mark->seconds);
    json_write_int64(json, mark->at);
    json_write_end(json);
}

/* The array that the statements take apart. */
static enum status marks_text(const struct auth_call *call,
                              const struct json *list, struct slice *out)
{
    struct json_writer json;
    struct marks marks;
    struct buf buf;

    TRY(read_marks(call, list, &marks));
    buf_init(&buf, call->arena, (marks.count + 1) * ROW_BYTES);
    json_writer_init(&json, &buf);
    json_write_array(&json);
    for (size_t i = 0; i < marks.count; i++) {
        write_mark(&json, &marks.items[i]);
    }
    json_write_end(&json);
    return json_write_finish(&json, out);
}

enum status progress_statement(const struct auth_call *call,
                               struct value user_id, const struct json *list,
                               struct value values[3], struct statement *out)
{
    struct slice text;

    TRY(marks_text(call, list, &text));
    values[0] = user_id;
    values[1] = value_text(text);
    values[2] = value_integer(call->now);
    *out = (struct statement){
        .query = QUERY_progress_put, .params = values, .param_count = 3};
    return STATUS_OK;
}

static void write_row(struct json_writer *json, const struct value *values)
{
    json_write_object(json);
    json_write_name(json, SLICE("page"));
    json_write_text(json, values[0].text);
    json_write_name(json, SLICE("state"));
    json_write_text(json, values[1].text);
    json_write_name(json, SLICE("place"));
    json_write_text(json, values[2].text);
    json_write_name(json, SLICE("seconds"));
    json_write_int64(json, values[3].number);
    json_write_name(json, SLICE("at"));
    json_write_int64(json, values[4].number);
    json_write_end(json);
}

static enum status write_rows(const struct auth_call *call,
                              const struct rows *rows, struct slice *out)
{
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, call->arena, (rows->count + 1) * ROW_BYTES);
    json_writer_init(&json, &buf);
    json_write_array(&json);
    for (size_t i = 0; i < rows->count; i++) {
        write_row(&json, &rows->values[i * rows->width]);
    }
    json_write_end(&json);
    return json_write_finish(&json, out);
}

enum status progress_put(const struct reader *reader,
                         const struct auth_call *call, struct slice user_id,
                         const struct json *list, struct slice *json)
{
    struct value values[3];
    struct value kept[] = {value_text(user_id),
                           value_integer((int64_t)PROGRESS_PAGES_MAX)};
    struct statement statements[] = {
        STATEMENT(user_lock, values), STATEMENT(progress_put, values),
        STATEMENT(progress_trim, kept), STATEMENT(progress_of_pages, values)};
    struct rows rows[sizeof(statements) / sizeof(*statements)];

    (void)reader;
    TRY(progress_statement(call, value_text(user_id), list, values,
                           &statements[1]));
    /* Who deletes the user waits for us, or we find nobody. */
    statements[0].param_count = 1;
    statements[0].must_change = true;
    statements[3].param_count = 2;
    TRY(auth_write(call, statements, sizeof(statements) / sizeof(*statements),
                   rows));
    return write_rows(call, &rows[3], json);
}

enum status progress_list(const struct reader *reader,
                          const struct auth_call *call, struct slice user_id,
                          int64_t since_ms, struct slice *json)
{
    struct value params[] = {value_text(user_id), value_integer(since_ms)};
    struct rows rows;

    (void)reader;
    TRY(auth_read(call, QUERY_progress_of_user, params, 2, &rows));
    return write_rows(call, &rows, json);
}
