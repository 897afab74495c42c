/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/origin.h"

static struct arena arena;
static struct origin_rules rules;

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

static void make(const char *public_url, const char *frontend_urls)
{
    struct origin_settings settings = {slice_from_cstr(public_url),
                                       slice_from_cstr(frontend_urls), 3001};
    struct slice problem = SLICE_EMPTY;
    enum status status = origin_rules_make(&arena, &settings, &problem, &rules);

    check_text(problem, "");
    check_ok(status);
}

static bool slice_allowed(struct slice origin)
{
    bool allowed = true;

    check_ok(origin_allowed(&rules, &arena, origin, &allowed));
    return allowed;
}

static bool allowed(const char *origin)
{
    return slice_allowed(slice_from_cstr(origin));
}

static bool host_allowed(const char *host)
{
    return origin_host_allowed(&rules, slice_from_cstr(host));
}

static void allows_exactly_the_configured_origins(void **state)
{
    (void)state;
    make("https://Book.Example.com/api/auth",
         "https://www.example.com, http://dev.example.com:8080/book/");
    assert_true(allowed("https://book.example.com"));
    assert_true(allowed("https://book.example.com:443"));
    assert_true(allowed("HTTPS://BOOK.example.com"));
    assert_true(allowed("https://www.example.com"));
    assert_true(allowed("http://dev.example.com:8080"));
}

/* S076 */
static void refuses_every_other_origin(void **state)
{
    static const char *const origins[] = {
        "null",
        "",
        "*",
        "https://",
        "book.example.com",
        "http://book.example.com",
        "https://book.example.com:8443",
        "https://book.example.com.evil.example",
        "https://evil-book.example.com",
        "https://x.book.example.com",
        "https://example.com",
        "https://book.example.com/",
        "https://book.example.com@evil.example",
        "https://evil.example#https://book.example.com",
        "https://book.example.com https://evil.example",
        "https://book.example.com,https://evil.example",
        "https://book.example.com.",
        "https://book.example.com\\.evil.example",
        "http://localhost:3001",
        "http://127.0.0.1:3001",
        "file://",
        "javascript:alert(1)",
    };

    (void)state;
    make("https://book.example.com", "");
    for (size_t i = 0; i < sizeof(origins) / sizeof(*origins); i++) {
        if (allowed(origins[i])) {
            fail_msg("allowed \"%s\"", origins[i]);
        }
    }
    assert_false(slice_allowed(slice_make(NULL, 0)));
    assert_false(slice_allowed(SLICE("https://book.example.com\0.evil")));
    for (size_t cut = 0; cut < 24; cut++) {
        assert_false(
            slice_allowed(slice_head(SLICE("https://book.example.com"), cut)));
    }
}

/* Else a page would be refused for good, because of a bad moment. */
static void no_memory_is_not_a_refusal(void **state)
{
    struct origin_cors_request asked = {
        .origin = SLICE_INIT("https://book.example.com")};
    struct origin_cors cors;
    struct arena none;
    bool allowed = true;

    (void)state;
    make("https://book.example.com", "");
    arena_init(&none, 0);
    check_status(origin_allowed(&rules, &none, asked.origin, &allowed),
                 STATUS_NO_MEMORY);
    assert_false(allowed);
    check_status(origin_cors_decide(&rules, &none, &asked, &cors),
                 STATUS_NO_MEMORY);
    arena_release(&none);
}

static void a_pattern_stands_for_names_below(void **state)
{
    (void)state;
    make("https://book.example.com",
         "https://*.Example.org, http://*.localhost:3000, "
         "https://*.example.net:*");
    assert_true(allowed("https://a.example.org"));
    assert_true(allowed("https://a.b.example.org"));
    assert_false(allowed("https://example.org"));
    assert_false(allowed("https://.example.org"));
    assert_false(allowed("https://aexample.org"));
    assert_false(allowed("http://a.example.org"));
    assert_false(allowed("https://a.example.org:8443"));
    assert_false(allowed("https://a.example.org.evil.example"));
    assert_false(allowed("https://evil.example/.example.org"));
    assert_false(allowed("https://*.example.org"));
    assert_true(allowed("http://a.localhost:3000"));
    assert_false(allowed("http://a.localhost"));
    assert_true(allowed("https://a.example.net"));
    assert_true(allowed("https://a.example.net:8443"));
    assert_false(allowed("https://example.net:8443"));
}

static void development_trusts_this_machine_at_our_port(void **state)
{
    (void)state;
    make("", "");
    assert_true(allowed("http://localhost:3001"));
    assert_true(allowed("http://127.0.0.1:3001"));
    assert_false(allowed("http://localhost:3000"));
    assert_false(allowed("https://localhost:3001"));
    assert_false(allowed("http://localhost"));
    assert_false(allowed("http://localhost.evil.example:3001"));
    assert_true(host_allowed("anything.example"));
    assert_true(host_allowed(""));
}

static void answers_only_for_its_hosts(void **state)
{
    (void)state;
    make("https://book.example.com",
         "http://[2001:DB8::1]:8080, https://*.example.org");
    assert_true(host_allowed("book.example.com"));
    assert_true(host_allowed("BOOK.example.com:443"));
    assert_true(host_allowed("[2001:db8::1]:8080"));
    assert_false(host_allowed("book.example.com:80"));
    assert_false(host_allowed("book.example.com:"));
    assert_false(host_allowed("book.example.com:0443"));
    assert_false(host_allowed("book.example.com:65979"));
    assert_false(host_allowed("book.example.com."));
    assert_false(host_allowed("[2001:db8::1]"));
    assert_false(host_allowed("a.example.org"));
    assert_false(host_allowed("localhost:3001"));
    assert_false(host_allowed("evil.example"));
    assert_false(host_allowed(""));
    assert_false(host_allowed("]"));
    assert_false(origin_host_allowed(&rules, slice_make(NULL, 0)));
}

static void says_which_entry_is_wrong(void **state)
{
    static const struct {
        const char *public_url;
        const char *frontend_urls;
        const char *problem;
    } cases[] = {
        {"book.example.com", "",
         "\"book.example.com\" is not an http or https "
         "URL"},
        {"ftp://book.example.com", "",
         "\"ftp://book.example.com\" is not an http or https URL"},
        {"https://*.example.com", "",
         "\"https://*.example.com\" must be one address, not a pattern"},
        {"", "https://a.example,", "\"\" is not an http or https URL"},
        {"", "*", "\"*\" is not of the form https://*.example.com"},
        {"", "https://*",
         "\"https://*\" is not of the form "
         "https://*.example.com"},
        {"", "https://*.com",
         "\"https://*.com\" is not of the form https://*.example.com"},
        {"", "https://a*.example.com",
         "\"https://a*.example.com\" is not of the form https://*.example.com"},
        {"", "https://*.*.example.com",
         "\"https://*.*.example.com\" is not of "
         "the form https://*.example.com"},
        {"", "*.example.com",
         "\"*.example.com\" is not of the form https://*.example.com"},
        {"", "https://*.0.0.1",
         "\"https://*.0.0.1\" is not of the form https://*.example.com"},
        {"", "https://*.example.com/x",
         "\"https://*.example.com/x\" is not of the form "
         "https://*.example.com"},
        {"", "https://a.example?x",
         "\"https://a.example?x\" is not an http or https URL"},
        {"", "null", "\"null\" is not an http or https URL"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct origin_settings settings = {
            slice_from_cstr(cases[i].public_url),
            slice_from_cstr(cases[i].frontend_urls), 3001};
        struct slice problem = SLICE_EMPTY;

        check_status(origin_rules_make(&arena, &settings, &problem, &rules),
                     STATUS_INVALID_VALUE);
        check_slice(problem, slice_from_cstr(cases[i].problem));
    }
}

static void limits_the_origins(void **state)
{
    struct origin_settings settings = {
        SLICE_INIT("https://a.example"), {NULL, 0}, 3001};
    char text[20 * 64];
    struct slice problem;

    (void)state;
    for (size_t i = 0; i < 64; i++) {
        memcpy(text + 20 * i, "https://bb.example ,", 20);
    }
    settings.frontend_urls = slice_make(text, 20 * 63 - 1);
    check_ok(origin_rules_make(&arena, &settings, &problem, &rules));
    assert_int_equal(rules.count, 64);
    settings.frontend_urls = slice_make(text, 20 * 64 - 1);
    check_status(origin_rules_make(&arena, &settings, &problem, &rules),
                 STATUS_INVALID_VALUE);
    check_text(problem, "\"https://bb.example\" is one origin too many");
}

static struct origin_cors decide(bool is_options, const char *origin,
                                 const char *method)
{
    struct origin_cors_request asked = {is_options, {NULL, 0}, {NULL, 0}};
    struct origin_cors answer;

    if (origin != NULL) {
        asked.origin = slice_from_cstr(origin);
    }
    if (method != NULL) {
        asked.request_method = slice_from_cstr(method);
    }
    check_ok(origin_cors_decide(&rules, &arena, &asked, &answer));
    return answer;
}

static void only_trusted_origins_may_read(void **state)
{
    struct origin_cors answer;

    (void)state;
    make("https://book.example.com", "");
    answer = decide(false, "https://book.example.com", NULL);
    assert_false(answer.is_preflight);
    check_text(answer.fields,
               "Vary: Origin\r\n"
               "Access-Control-Allow-Origin: https://book.example.com\r\n"
               "Access-Control-Allow-Credentials: true\r\n"
               "Access-Control-Expose-Headers: set-auth-token, set-auth-jwt, "
               "x-retry-after, retry-after, etag\r\n");
    check_text(decide(false, "https://evil.example", NULL).fields,
               "Vary: Origin\r\n");
    check_text(decide(false, "null", NULL).fields, "Vary: Origin\r\n");
    check_text(decide(false, NULL, NULL).fields, "Vary: Origin\r\n");
}

static void answers_preflights(void **state)
{
    struct origin_cors answer;

    (void)state;
    make("https://book.example.com", "");
    answer = decide(true, "https://book.example.com", "POST");
    assert_true(answer.is_preflight);
    check_text(answer.fields,
               "Vary: Origin\r\n"
               "Access-Control-Allow-Origin: https://book.example.com\r\n"
               "Access-Control-Allow-Credentials: true\r\n"
               "Access-Control-Allow-Methods: GET, POST, PUT, PATCH, "
               "DELETE\r\n"
               "Access-Control-Allow-Headers: content-type, authorization, "
               "if-match, if-none-match, last-event-id\r\n"
               "Access-Control-Max-Age: 600\r\n");
    answer = decide(true, "https://evil.example", "POST");
    assert_true(answer.is_preflight);
    check_text(answer.fields, "Vary: Origin\r\n");
    assert_false(decide(true, "https://book.example.com", NULL).is_preflight);
    assert_false(decide(true, NULL, "POST").is_preflight);
    assert_false(
        decide(false, "https://book.example.com", "POST").is_preflight);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(allows_exactly_the_configured_origins),
          TEST(refuses_every_other_origin), TEST(no_memory_is_not_a_refusal),
          TEST(a_pattern_stands_for_names_below),
          TEST(development_trusts_this_machine_at_our_port),
          TEST(answers_only_for_its_hosts), TEST(says_which_entry_is_wrong),
          TEST(limits_the_origins), TEST(only_trusted_origins_may_read),
          TEST(answers_preflights))
