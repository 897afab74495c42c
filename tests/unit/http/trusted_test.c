/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "http/trusted.h"

static struct arena arena;

static struct trusted_rules make(struct slice patterns)
{
    struct trusted_settings settings = {
        {SLICE("http://localhost:4101"), SLICE("http://localhost:3000"), 4101},
        patterns};
    struct trusted_rules rules;
    struct slice problem = SLICE_EMPTY;

    check_ok(trusted_init(&arena, &settings, &problem, &rules));
    return rules;
}

static bool is_trusted_url(const struct trusted_rules *rules, struct slice url)
{
    struct slice location = SLICE_EMPTY;
    enum status status = trusted_url(rules, &arena, url, &location);

    if (status != STATUS_OK) {
        check_status(status, STATUS_FORBIDDEN_ORIGIN);
    }
    return status == STATUS_OK;
}

static bool is_trusted_origin(const struct trusted_rules *rules,
                              struct slice origin)
{
    bool trusted;

    check_ok(trusted_origin(rules, &arena, origin, &trusted));
    return trusted;
}

/* What the original answered: protocol reference section 9. The rows marked
 * stricter it let pass. */
static const struct {
    struct slice url;
    bool trusted;
} recorded[] = {
    {SLICE_INIT("/ok"), true},
    {SLICE_INIT("/a/../b"), true},
    {SLICE_INIT("/x?u=https://evil.com"), true},
    {SLICE_INIT("/dash"), true},
    {SLICE_INIT("http://localhost:3000/v"), true},
    {SLICE_INIT("//evil.com"), false},
    {SLICE_INIT("/\\evil.com"), false},
    {SLICE_INIT("/a%2f%2fevil.com"), false},
    {SLICE_INIT("dash"), false},
    {SLICE_INIT("javascript:alert(1)"), false},
    {SLICE_INIT("http://localhost:3000@evil.com"), false},
    {SLICE_INIT("http://localhost:3000.evil.com"), false},
    {SLICE_INIT("https://evil.com"), false},
};

static void test_recorded_callback_urls(void **state)
{
    struct trusted_rules rules;

    (void)state;
    arena_init(&arena, 1 << 20);
    rules = make(SLICE(""));
    for (size_t i = 0; i < sizeof(recorded) / sizeof(recorded[0]); i++) {
        if (is_trusted_url(&rules, recorded[i].url) != recorded[i].trusted) {
            fail_msg("%.*s", SLICE_ARG(recorded[i].url));
        }
    }
    arena_release(&arena);
}

static const struct slice hostile[] = {
    SLICE_INIT(""),
    SLICE_INIT("%"),
    SLICE_INIT("http://["),
    SLICE_INIT("/..//evil.example"),
    SLICE_INIT("/a/..//evil.example"),
    SLICE_INIT("/%2e%2e//evil.example"),
    SLICE_INIT("/.//evil.example"),
    SLICE_INIT("/./..//evil.example"),
    SLICE_INIT("/\t/evil.example"),
    SLICE_INIT("/\n/evil.example"),
    SLICE_INIT("\t//evil.example"),
    SLICE_INIT(" //evil.example"),
    SLICE_INIT("/a\\b"),
    SLICE_INIT("/a?x=\\b"),
    SLICE_INIT("/%5cevil.example"),
    SLICE_INIT("/%5Cevil.example"),
    SLICE_INIT("/%2Fevil.example"),
    SLICE_INIT("/a\x7f"),
    SLICE_INIT("/a\xc2\x80"),
    SLICE_INIT("/a\xff"),
    SLICE_INIT("/a\0b"),
    SLICE_INIT("http:localhost:3000"),
    SLICE_INIT("http:/localhost:3000"),
    SLICE_INIT("http:///localhost:3000"),
    SLICE_INIT("http:\\\\localhost:3000"),
    SLICE_INIT("http://user@localhost:3000/"),
    SLICE_INIT("http://localhost:3000\\@evil.com"),
    SLICE_INIT("http://localhost:3001/"),
    SLICE_INIT("https://localhost:3000/"),
    SLICE_INIT("http://localhost"),
    SLICE_INIT("http://localhost.:3000/"),
    SLICE_INIT("http://lo\tcalhost:3000/"),
    SLICE_INIT("JavaScript://a.example.com/%0aalert(1)"),
    SLICE_INIT("data:text/html,x"),
    SLICE_INIT("vbscript:x"),
    SLICE_INIT("file:///etc/passwd"),
    SLICE_INIT("blob:http://localhost:3000/x"),
    SLICE_INIT("null"),
    SLICE_INIT("://"),
    SLICE_INIT(":x"),
};

/* S072, S073; also under the widest of patterns. */
static void test_hostile_urls(void **state)
{
    struct trusted_rules rules;
    struct trusted_rules wide;
    static char text[100000];

    (void)state;
    arena_init(&arena, 1 << 20);
    rules = make(SLICE(""));
    wide = make(SLICE("*.example.com,myapp://,*://*.example.com/**"));
    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        if (is_trusted_url(&rules, hostile[i]) ||
            is_trusted_url(&wide, hostile[i]) ||
            is_trusted_origin(&wide, hostile[i])) {
            fail_msg("%.*s", SLICE_ARG(hostile[i]));
        }
    }
    memset(text, 'a', sizeof(text));
    text[0] = '/';
    assert_false(is_trusted_url(&rules, slice_make(text, sizeof(text))));
    arena_release(&arena);
}

static const struct {
    const char *pattern;
    const char *url;
    bool trusted;
} patterns[] = {
    {"https://a.example.com", "https://a.example.com/x?y#z", true},
    {"https://a.example.com", "HTTPS://A.Example.COM:443/x", true},
    {"https://a.example.com", "https://a.example.com:8443/", false},
    {"https://a.example.com/", "https://a.example.com", true},
    {"*.example.com", "https://a.b.example.com/x", true},
    {"*.example.com", "http://a.example.com", true},
    {"*.example.com", "https://example.com", false},
    {"*.example.com", "https://a.example.com:8443", false},
    {"*.example.com:*", "https://a.example.com:8443", true},
    {"*.example.com", "https://a.example.com.evil.org", false},
    {"*.example.com", "https://evil.org/a.example.com", false},
    {"*.example.com", "https://evil.org?a.example.com", false},
    {"*.example.com", "myapp://a.example.com", true},
    {"?.example.com", "https://a.example.com", true},
    {"?.example.com", "https://ab.example.com", false},
    {"https://*.example.com", "https://a.example.com/x", true},
    {"https://*.example.com", "http://a.example.com/x", false},
    {"https://*.example.com", "https://a.example.com:8443", false},
    {"https://*.example.com:*", "https://a.example.com:8443", true},
    {"https://*.example.com:*", "https://a.example.com", false},
    {"http*://a.example.com", "https://a.example.com", true},
    {"192.168.*.*", "http://192.168.1.5", true},
    {"192.168.*.*", "http://192.168.evil.com", false},
    {"192.168.*", "http://192.168.1.5.evil.com", false},
    {"http://192.168.*.*:3000", "http://192.168.1.5:3000/x", true},
    {"http://192.168.*.*:3000", "http://192.168.evil.com:3000/x", false},
    {"192.168.*.*", "http://192.168.0x1.5", false},
    {"myapp://", "myapp://anything/at/all?x", true},
    {"myapp://", "MyApp:path", true},
    {"myapp://", "myapp2://x", false},
    {"myapp://host", "myapp://HOST/x", true},
    {"myapp://host", "myapp://host2/x", false},
    {"myapp://host", "myapp://user@host/x", false},
    {"myapp://host/cb", "myapp://host/cb", true},
    {"myapp://host/cb", "myapp://host/cb/x", true},
    {"myapp://host/cb", "myapp://host/cbx", false},
    {"myapp://host/cb", "myapp://host/cb/../evil", false},
    {"myapp://host/cb", "myapp://host/cb/%2e%2e/evil", false},
    {"myapp://host/cb", "myapp://host/x/../cb", true},
    {"exp://192.168.*.*:*/**", "exp://192.168.1.5:8081/--/a/b", true},
    {"exp://192.168.*.*:*/**", "exp://192.168.evil.com:8081/a", false},
    {"exp://192.168.*.*:*/**", "exp://evil.com/192.168.1.5:8081/a", false},
    {"exp://**", "exp://a/b/c", true},
    {"myapp://host/*", "myapp://host/a/..", false},
};

static void test_patterns(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 22);
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        struct trusted_rules rules = make(slice_from_cstr(patterns[i].pattern));
        struct slice url = slice_from_cstr(patterns[i].url);

        if (is_trusted_url(&rules, url) != patterns[i].trusted ||
            is_trusted_origin(&rules, url) != patterns[i].trusted) {
            fail_msg("%s, %s", patterns[i].pattern, patterns[i].url);
        }
    }
    arena_release(&arena);
}

static void test_origins_are_never_relative(void **state)
{
    struct trusted_rules rules;

    (void)state;
    arena_init(&arena, 1 << 20);
    rules = make(SLICE("*"));
    assert_false(is_trusted_origin(&rules, SLICE("/ok")));
    assert_false(is_trusted_origin(&rules, SLICE("null")));
    rules = make(SLICE(""));
    assert_true(is_trusted_origin(&rules, SLICE("http://localhost:4101")));
    assert_true(is_trusted_origin(&rules, SLICE("http://localhost:4101/a/b")));
    arena_release(&arena);
}

static void check_location(const char *url, const char *location)
{
    struct trusted_rules rules = make(SLICE("myapp://"));
    struct slice out = SLICE_EMPTY;

    check_ok(trusted_url(&rules, &arena, slice_from_cstr(url), &out));
    check_slice(out, slice_from_cstr(location));
}

static void test_locations_are_written_anew(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    check_location("/", "/");
    check_location("/a/../b", "/b");
    check_location("/a/./b/..", "/a/");
    check_location("/../..", "/");
    check_location("/a//b", "/a//b");
    check_location("/%2E/a%2e", "/a%2e");
    check_location("/100%", "/100%25");
    check_location("/a b?c d#e\"f", "/a%20b?c%20d#e%22f");
    check_location("/\xc3\xbc?x=../y", "/%C3%BC?x=../y");
    check_location("HTTP://LOCALHOST:3000", "http://localhost:3000");
    check_location("http://localhost:3000/a/../b?c",
                   "http://localhost:3000/b?c");
    check_location("http://localhost:3000?c", "http://localhost:3000?c");
    check_location("myapp://h/\xc3\xbc", "myapp://h/%C3%BC");
    arena_release(&arena);
}

static void check_problem(struct slice text, struct slice words)
{
    struct trusted_settings settings = {{SLICE_EMPTY, SLICE_EMPTY, 3001}, text};
    struct trusted_rules rules;
    struct slice problem = SLICE_EMPTY;

    check_status(trusted_init(&arena, &settings, &problem, &rules),
                 STATUS_INVALID_VALUE);
    if (!slice_contains(problem, words)) {
        fail_msg("\"%.*s\" does not say \"%.*s\"", SLICE_ARG(problem),
                 SLICE_ARG(words));
    }
}

static void test_errors_are_named(void **state)
{
    char text[300];

    (void)state;
    arena_init(&arena, 1 << 20);
    check_problem(SLICE("https://a.com, example.com"),
                  SLICE("\"example.com\" has no scheme"));
    check_problem(SLICE("https://a.com/path"), SLICE("is not an origin"));
    check_problem(SLICE("https://user@a.com"), SLICE("is not an origin"));
    check_problem(SLICE("javascript://*"), SLICE("nobody may be sent to"));
    check_problem(SLICE("data://x"), SLICE("nobody may be sent to"));
    memset(text, '*', sizeof(text));
    check_problem(slice_make(text, sizeof(text)), SLICE("is too long"));
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = i % 2 == 0 ? '*' : ',';
    }
    check_problem(slice_make(text, sizeof(text)), SLICE("one pattern too"));
    arena_release(&arena);
}

RUN_TESTS(cmocka_unit_test(test_recorded_callback_urls),
          cmocka_unit_test(test_hostile_urls), cmocka_unit_test(test_patterns),
          cmocka_unit_test(test_origins_are_never_relative),
          cmocka_unit_test(test_locations_are_written_anew),
          cmocka_unit_test(test_errors_are_named))
