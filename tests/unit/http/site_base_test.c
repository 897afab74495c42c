/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/site_base.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void takes_what_docusaurus_writes(void **state)
{
    static const struct {
        const char *text;
        const char *base;
    } cases[] = {
        {"/", ""},
        {"/book/", "/book"},
        {"/a/b/c/", "/a/b/c"},
        {"/My-book_2.0~x/", "/My-book_2.0~x"},
        {"/.../", "/..."},
        {"/api-book/", "/api-book"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct slice problem = SLICE_EMPTY;
        struct slice base;

        check_ok(
            site_base_parse(slice_from_cstr(cases[i].text), &problem, &base));
        check_slice(base, slice_from_cstr(cases[i].base));
        assert_non_null(base.ptr);
        check_text(problem, "");
    }
}

static void refuses_what_is_no_base(void **state)
{
    static const struct {
        const char *text;
        const char *problem;
    } cases[] = {
        {"", "begin and end"},        {"book", "begin and end"},
        {"/book", "begin and end"},   {"book/", "begin and end"},
        {"//", "two slashes"},        {"//evil.example/", "two slashes"},
        {"/a//b/", "two slashes"},    {"/a//", "two slashes"},
        {"/./", "between slashes"},   {"/../", "between slashes"},
        {"/a/../b/", "between sl"},   {"/a/./", "between slashes"},
        {"/a?b/", "nothing else"},    {"/a#b/", "nothing else"},
        {"/a%2fb/", "nothing else"},  {"/a b/", "nothing else"},
        {"/a\\b/", "nothing else"},   {"/a:b/", "nothing else"},
        {"/\xc3\xa9/", "nothing el"}, {"/a\r\nb/", "nothing else"},
        {"https://a/", "begin and"},  {"/\"/", "nothing else"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct slice problem = SLICE_EMPTY;
        struct slice base;

        check_status(
            site_base_parse(slice_from_cstr(cases[i].text), &problem, &base),
            STATUS_INVALID_VALUE);
        if (!slice_contains(problem, slice_from_cstr(cases[i].problem))) {
            fail_msg("\"%s\": \"%.*s\"", cases[i].text, SLICE_ARG(problem));
        }
    }
    check_status(site_base_parse(SLICE("/a\0b/"), &(struct slice){NULL, 0},
                                 &(struct slice){NULL, 0}),
                 STATUS_INVALID_VALUE);
}

static void the_longest_counts_its_slashes(void **state)
{
    char text[SITE_BASE_MAX + 1];
    struct slice problem = SLICE_EMPTY;
    struct slice base;

    (void)state;
    memset(text, 'a', sizeof(text));
    text[0] = '/';
    text[SITE_BASE_MAX - 1] = '/';
    check_ok(site_base_parse(slice_make(text, SITE_BASE_MAX), &problem, &base));
    assert_int_equal(base.len, SITE_BASE_MAX - 1);
    text[SITE_BASE_MAX - 1] = 'a';
    text[SITE_BASE_MAX] = '/';
    check_status(
        site_base_parse(slice_make(text, SITE_BASE_MAX + 1), &problem, &base),
        STATUS_INVALID_VALUE);
    check_text(problem, "is longer than 128 bytes");
}

static void reads_the_member_of_a_book(void **state)
{
    struct slice problem = SLICE_EMPTY;
    struct slice text;

    (void)state;
    check_ok(site_base_of_book(
        SLICE("{\"version\":1,\"base_url\":\"\\/b\\u006fok/\",\"pages\":[{"
              "\"base_url\":\"/other/\"}]}"),
        &arena, &problem, &text));
    check_text(text, "/book/");
    check_ok(site_base_of_book(SLICE("{}"), &arena, &problem, &text));
    assert_null(text.ptr);
}

static void refuses_what_is_no_book(void **state)
{
    static const char *const books[] = {
        "", "{", "[]", "\"/book/\"", "{\"base_url\":\"/a/\"} x", "{'a':1}",
    };
    struct slice problem = SLICE_EMPTY;
    struct slice text;

    (void)state;
    for (size_t i = 0; i < sizeof(books) / sizeof(*books); i++) {
        check_status(site_base_of_book(slice_from_cstr(books[i]), &arena,
                                       &problem, &text),
                     STATUS_INVALID_VALUE);
        check_text(problem, "is not a JSON object; build the book again, or "
                            "set SITE_BASE");
    }
    check_status(site_base_of_book(SLICE("{\"base_url\":null}"), &arena,
                                   &problem, &text),
                 STATUS_INVALID_VALUE);
    check_text(problem, "base_url: is no text");
}

/* Each in an array of its own: more than a tree may have. */
static void a_book_beyond_all_books_is_refused(void **state)
{
    static char json[2 << 20];
    struct slice problem = SLICE_EMPTY;
    struct slice text;
    size_t len = 0;

    (void)state;
    memcpy(json, "{\"a\":[", 6);
    for (len = 6; len < sizeof(json) - 4; len += 2) {
        memcpy(json + len, "1,", 2);
    }
    memcpy(json + len, "1]}", 3);
    check_status(
        site_base_of_book(slice_make(json, len + 3), &arena, &problem, &text),
        STATUS_INVALID_VALUE);
    check_text(problem, "has more in it than any book; set SITE_BASE");
}

RUN_TESTS(cmocka_unit_test(takes_what_docusaurus_writes),
          cmocka_unit_test(refuses_what_is_no_base),
          cmocka_unit_test(the_longest_counts_its_slashes),
          cmocka_unit_test_setup_teardown(reads_the_member_of_a_book, set_up,
                                          tear_down),
          cmocka_unit_test_setup_teardown(refuses_what_is_no_book, set_up,
                                          tear_down),
          cmocka_unit_test_setup_teardown(a_book_beyond_all_books_is_refused,
                                          set_up, tear_down))
