/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/request.h"
#include "http/route.h"

static struct arena arena;
static struct router router;

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

static enum status answer(struct request *rq, struct response *rs)
{
    (void)rq;
    (void)rs;
    return STATUS_OK;
}

static const struct route routes[] = {
    {HTTP_GET, SLICE_INIT("/a"), answer, 0},
    {HTTP_POST, SLICE_INIT("/a"), answer, 10},
    {HTTP_DELETE, SLICE_INIT("/a/b"), answer, 0},
    {HTTP_OPTIONS, SLICE_INIT("/own"), answer, 0},
};

static void make(void)
{
    check_ok(
        router_init(&router, &arena, routes, sizeof(routes) / sizeof(*routes)));
}

static const struct route *find(const char *path, enum http_method method)
{
    const struct route_set *set = router_find(&router, slice_from_cstr(path));

    return set == NULL ? NULL : route_for_method(set, method);
}

static void finds_by_method_and_path(void **state)
{
    (void)state;
    make();
    assert_ptr_equal(find("/a", HTTP_GET), &routes[0]);
    assert_ptr_equal(find("/a", HTTP_POST), &routes[1]);
    assert_ptr_equal(find("/a/b", HTTP_DELETE), &routes[2]);
    assert_null(find("/a", HTTP_PUT));
    assert_null(find("/a/b", HTTP_GET));
}

static void head_goes_where_get_does(void **state)
{
    (void)state;
    make();
    assert_ptr_equal(find("/a", HTTP_HEAD), &routes[0]);
    assert_null(find("/a/b", HTTP_HEAD));
}

/* One spelling an address: nothing slips past a rule made for it. */
static void other_spellings_are_other_paths(void **state)
{
    static const char *const others[] = {
        "",     "/",      "a",     "/A",    "/a/",    "//a",     "/a//b",
        "/%61", "/a/./b", "/a?x",  "/a/b/", "/a%2Fb", "/a/b/..", "/a ",
        "*",    "/a\t",   "/a/bb", "/a/",   "/own/",
    };

    (void)state;
    make();
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        if (router_find(&router, slice_from_cstr(others[i])) != NULL) {
            fail_msg("\"%s\" was found", others[i]);
        }
    }
    assert_null(router_find(&router, SLICE("/a\0")));
    assert_null(router_find(&router, SLICE_EMPTY));
}

static void says_what_is_allowed(void **state)
{
    (void)state;
    make();
    check_text(router_find(&router, SLICE("/a"))->allow,
               "GET, HEAD, POST, OPTIONS");
    check_text(router_find(&router, SLICE("/a/b"))->allow, "DELETE, OPTIONS");
    check_text(router_find(&router, SLICE("/own"))->allow, "OPTIONS");
}

static void refuses_a_route_named_twice(void **state)
{
    static const struct route twice[] = {
        {HTTP_GET, SLICE_INIT("/a"), answer, 0},
        {HTTP_POST, SLICE_INIT("/a"), answer, 0},
        {HTTP_GET, SLICE_INIT("/a"), answer, 0},
    };

    (void)state;
    check_status(router_init(&router, &arena, twice, 3), STATUS_INVALID_VALUE);
}

static void no_routes_are_a_router_too(void **state)
{
    (void)state;
    check_ok(router_init(&router, &arena, NULL, 0));
    assert_null(router_find(&router, SLICE("/a")));
}

static void a_star_takes_what_nothing_else_does(void **state)
{
    static const struct route starred[] = {
        {HTTP_GET, SLICE_INIT("/a/b"), answer, 0},
        {HTTP_POST, SLICE_INIT("/a/*"), answer, 0, .any_method = true},
        {HTTP_GET, SLICE_INIT("/a/c/*"), answer, 0},
    };

    (void)state;
    check_ok(router_init(&router, &arena, starred, 3));
    assert_null(find("/a/c/d", HTTP_GET));
    assert_ptr_equal(router_find_star(&router, HTTP_HEAD, SLICE("/a/c/d")),
                     &starred[2]);
    assert_ptr_equal(router_find_star(&router, HTTP_POST, SLICE("/a/c/d")),
                     &starred[1]);
    assert_ptr_equal(router_find_star(&router, HTTP_OPTIONS, SLICE("/a/")),
                     &starred[1]);
    assert_null(router_find_star(&router, HTTP_GET, SLICE("/a")));
    assert_null(router_find_star(&router, HTTP_GET, SLICE("/b/c")));
}

static void says_when_memory_runs_out(void **state)
{
    struct arena small;

    (void)state;
    for (size_t size = 0; size < 64; size += 8) {
        arena_init(&small, size);
        check_status(router_init(&router, &small, routes, 4), STATUS_NO_MEMORY);
        arena_release(&small);
    }
}

/* A link's token stands where the star is. */
static void a_log_does_not_say_what_a_star_took(void **state)
{
    static const struct route star = {.path = SLICE_INIT("/reset/*")};
    static const struct route plain = {.path = SLICE_INIT("/reset")};
    struct request request = {.head = {.path = SLICE("/reset/secret")}};

    (void)state;
    check_text(request_logged_path(&request), "/reset/secret");
    request.route = &plain;
    check_text(request_logged_path(&request), "/reset/secret");
    request.route = &star;
    check_text(request_logged_path(&request), "/reset/*");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(finds_by_method_and_path), TEST(head_goes_where_get_does),
          TEST(other_spellings_are_other_paths), TEST(says_what_is_allowed),
          TEST(refuses_a_route_named_twice), TEST(no_routes_are_a_router_too),
          TEST(a_star_takes_what_nothing_else_does),
          TEST(a_log_does_not_say_what_a_star_took),
          TEST(says_when_memory_runs_out))
