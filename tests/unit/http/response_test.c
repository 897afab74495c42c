/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/response.h"

static struct arena arena;
static struct response response;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    response_init(&response, &arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct slice fields(void)
{
    struct slice text = SLICE_EMPTY;

    check_ok(buf_finish(&response.fields, &text));
    return text;
}

static struct slice written(void)
{
    struct slice text = SLICE_EMPTY;

    check_ok(buf_finish(&response.written_body, &text));
    return text;
}

static void check_fresh(void)
{
    assert_int_equal(response.status, 200);
    assert_int_equal(response.kind, RESPONSE_DATA);
    check_text(response.cache_control, "no-store");
    assert_int_equal(response.file_fd, -1);
    check_status(response.failed, STATUS_OK);
    check_text(fields(), "");
    check_text(written(), "");
    check_text(response.body, "");
}

static void is_an_answer_that_nobody_stores_until_told_otherwise(void **state)
{
    (void)state;
    check_fresh();
    assert_false(response.close);
}

static void fields_stand_in_the_order_written(void **state)
{
    (void)state;
    response_field(&response, SLICE("X-A"), SLICE("1"));
    response_field(&response, SLICE("X-B"), SLICE_EMPTY);
    response_field_lines(&response, SLICE("X-C: 3\r\nX-D: 4\r\n"));
    response_field(&response, SLICE("X-A"), SLICE("\tcaf\xc3\xa9"));
    check_text(fields(), "X-A: 1\r\nX-B: \r\nX-C: 3\r\nX-D: 4\r\n"
                         "X-A: \tcaf\xc3\xa9\r\n");
    check_status(response.failed, STATUS_OK);
}

static void a_value_that_would_be_more_than_one_line_fails_it(void **state)
{
    static const struct slice bad[] = {
        SLICE_INIT("a\r\nX-Injected: 1"),
        SLICE_INIT("a\nX-Injected: 1"),
        SLICE_INIT("a\rX-Injected: 1"),
        SLICE_INIT("\r\n\r\n<script>"),
        SLICE_INIT("a\0b"),
        SLICE_INIT("a\r"),
        SLICE_INIT("\n"),
        SLICE_INIT("\0"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        response_init(&response, &arena);
        response_field(&response, SLICE("X-A"), SLICE("1"));
        response_field(&response, SLICE("X-Bad"), bad[i]);
        check_status(response.failed, STATUS_INTERNAL);
        response_field(&response, SLICE("X-B"), SLICE("2"));
        check_status(response.failed, STATUS_INTERNAL); /* it sticks */
        check_text(fields(), "X-A: 1\r\nX-B: 2\r\n");
    }
}

static void a_content_type_is_a_field_like_any_other(void **state)
{
    (void)state;
    response_text(&response, SLICE("text/html\r\nX-Injected: 1"), SLICE("x"));
    check_status(response.failed, STATUS_INTERNAL);
    check_text(fields(), "");
}

static void too_many_fields_fail_it(void **state)
{
    struct slice text;
    char value[1000];

    (void)state;
    memset(value, 'x', sizeof(value));
    for (int i = 0; i < 40; i++) {
        response_field(&response, SLICE("X-A"),
                       slice_make(value, sizeof(value)));
    }
    check_status(buf_finish(&response.fields, &text), STATUS_TOO_LARGE);
}

static void a_body_is_written_or_pointed_at(void **state)
{
    struct json_writer json;

    (void)state;
    buf_add(response_body(&response, SLICE("text/plain")), SLICE("words"));
    check_text(fields(), "Content-Type: text/plain\r\n");
    check_text(written(), "words");
    response_init(&response, &arena);
    response_text(&response, SLICE("text/plain"), SLICE("elsewhere"));
    check_text(response.body, "elsewhere");
    response_init(&response, &arena);
    response_json(&response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("a"));
    json_write_text(&json, SLICE("\"\n"));
    json_write_end(&json);
    response_json_end(&response, &json);
    check_text(fields(), "Content-Type: application/json\r\n");
    check_text(written(), "{\"a\":\"\\\"\\n\"}");
}

static void clearing_leaves_nothing_of_what_was_built(void **state)
{
    (void)state;
    response.status = 206;
    response.kind = RESPONSE_BOOK;
    response.cache_control = SLICE_EMPTY;
    response.file_fd = 7;
    response.body = SLICE("x");
    response.close = true;
    response_field(&response, SLICE("Set-Cookie"), SLICE("a=b"));
    response_field(&response, SLICE("X-Bad"), SLICE("\n"));
    response_clear(&response);
    check_fresh();
    assert_true(response.close); /* of the connection, not of the answer */
}

static void an_error_takes_the_place_of_what_was_built(void **state)
{
    (void)state;
    response_field(&response, SLICE("Set-Cookie"), SLICE("a=b"));
    buf_add(response_body(&response, SLICE("text/plain")), SLICE("half"));
    response_error(&response, STATUS_NOT_FOUND);
    assert_int_equal(response.status, 404);
    check_text(fields(), "Content-Type: application/json\r\n");
    check_text(written(), "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":"
                          "\"There is nothing at this address.\"}}");
    response_error(&response, STATUS_BUSY);
    check_text(fields(),
               "Retry-After: 1\r\nContent-Type: application/json\r\n");
}

/* What never reaches a client as an answer is our mistake when it does. */
static void a_status_without_an_answer_is_an_internal_error(void **state)
{
    (void)state;
    response_error(&response, STATUS_CANCELLED);
    assert_int_equal(response.status, 500);
}

static void check_line(int status, struct slice line)
{
    char begin[32];

    snprintf(begin, sizeof(begin), "HTTP/1.1 %d ", status);
    if (!slice_starts_with(line, slice_from_cstr(begin)) ||
        line.len < strlen(begin) + 4 ||
        slice_find(line, '\r') != line.len - 2 ||
        slice_find(line, '\n') != line.len - 1) {
        fail_msg("%d: %.*s", status, SLICE_ARG(line));
    }
}

static void every_status_we_can_name_has_its_line(void **state)
{
    static const int of_rows[] = {
#define STATUS(name, http, code, text) http,
#include "base/status.def"
#undef STATUS
    };
    static const int of_handlers[] = {201, 202, 204, 206, 301, 302,
                                      303, 304, 307, 308, 410, 507};

    (void)state;
    for (size_t i = 0; i < sizeof(of_rows) / sizeof(*of_rows); i++) {
        if (of_rows[i] != 0) {
            check_line(of_rows[i], response_status_line(of_rows[i]));
        }
    }
    for (size_t i = 0; i < sizeof(of_handlers) / sizeof(*of_handlers); i++) {
        check_line(of_handlers[i], response_status_line(of_handlers[i]));
    }
}

static void a_field_can_be_taken_back(void **state)
{
    (void)state;
    response_field(&response, SLICE("Set-Cookie"), SLICE("a=1; Path=/"));
    response_field(&response, SLICE("Set-Cookie"), SLICE("ab=2"));
    response_field(&response, SLICE("X"), SLICE("a=3"));
    response_field(&response, SLICE("Set-Cookie"), SLICE("a=4"));
    response_field_drop(&response, SLICE("Set-Cookie"), SLICE("a="));
    check_text(fields(), "Set-Cookie: ab=2\r\nX: a=3\r\n");
    response_field_drop(&response, SLICE("Set-Cookie"), SLICE("b=2"));
    response_field_drop(&response, SLICE("Set"), SLICE("Cookie"));
    response_field_drop(&response, SLICE("X"), SLICE("a=3 and more"));
    check_text(fields(), "Set-Cookie: ab=2\r\nX: a=3\r\n");
    response_field_drop(&response, SLICE("Set-Cookie"), SLICE("ab=2"));
    response_field_drop(&response, SLICE("X"), SLICE_EMPTY);
    check_text(fields(), "");
    response_field_drop(&response, SLICE("X"), SLICE_EMPTY);
    check_text(fields(), "");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(is_an_answer_that_nobody_stores_until_told_otherwise),
          TEST(fields_stand_in_the_order_written),
          TEST(a_value_that_would_be_more_than_one_line_fails_it),
          TEST(a_field_can_be_taken_back),
          TEST(a_content_type_is_a_field_like_any_other),
          TEST(too_many_fields_fail_it), TEST(a_body_is_written_or_pointed_at),
          TEST(clearing_leaves_nothing_of_what_was_built),
          TEST(an_error_takes_the_place_of_what_was_built),
          TEST(a_status_without_an_answer_is_an_internal_error),
          TEST(every_status_we_can_name_has_its_line))
