/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include "base/clock.h"
#include "http/site.h"

#include <dirent.h>

static struct arena arena;
static struct site *site;
static struct slice base; /* ptr NULL: as the book says */

static int set_up(void **state)
{
    arena_init(&arena, 1 << 20);
    site = NULL;
    base = (struct slice){NULL, 0};
    return folder_set_up(state);
}

static int tear_down(void **state)
{
    site_free(site);
    arena_release(&arena);
    return folder_tear_down(state);
}

static enum status load_from(const char *path, struct site_limits limits,
                             struct arena *from, struct slice *problem)
{
    const struct site_source source = {
        .folder = slice_from_cstr(path), .base = base, .limits = limits};

    return site_load(&source, from, problem, &site);
}

static void load(void)
{
    struct slice problem = SLICE_EMPTY;
    enum status status;

    site_free(site);
    site = NULL;
    status = load_from(folder, SITE_LIMITS, &arena, &problem);
    check_text(problem, "");
    check_ok(status);
}

/* The body that a path finds, or "404". */
static struct slice body_at(const char *path)
{
    const struct site_entry *entry;

    if (site_find(site, slice_from_cstr(path), &entry) != STATUS_OK) {
        return SLICE("404");
    }
    return entry->variants[ENCODING_IDENTITY].file->body;
}

#define check_body(path, want) check_text(body_at(path), want)

static void check_every_page_both_ways(void)
{
    load();
    check_body("/", "home");
    check_body("/index.html", "home");
    check_body("/docs/intro", "intro");
    check_body("/docs/intro/", "intro");
    check_body("/docs/part/one", "one");
    check_body("/docs/part/one/", "one");
    check_body("/docs/part", "part");
    check_body("/docs/part/", "part");
    check_body("/docs", "404");
    check_body("/docs/intro//", "404");
    check_body("/docs/", "404");
}

static void write_common(void)
{
    folder_write("index.html", SLICE("home"));
    folder_write("404.html", SLICE("lost"));
    folder_write("sitemap.xml", SLICE("<x/>"));
}

static void finds_pages_with_trailing_slash_true(void **state)
{
    (void)state;
    write_common();
    folder_write("docs/intro/index.html", SLICE("intro"));
    folder_write("docs/part/index.html", SLICE("part"));
    folder_write("docs/part/one/index.html", SLICE("one"));
    check_every_page_both_ways();
}

static void finds_pages_with_trailing_slash_false(void **state)
{
    (void)state;
    write_common();
    folder_write("docs/intro.html", SLICE("intro"));
    folder_write("docs/part.html", SLICE("part"));
    folder_write("docs/part/one.html", SLICE("one"));
    check_every_page_both_ways();
}

/* Unset, Docusaurus writes folders, and pages named by their authors stay. */
static void finds_pages_with_trailing_slash_unset(void **state)
{
    (void)state;
    write_common();
    folder_write("docs/intro/index.html", SLICE("intro"));
    folder_write("docs/part.html", SLICE("part"));
    folder_write("docs/part/one/index.html", SLICE("one"));
    check_every_page_both_ways();
}

static void the_slash_decides_between_two_pages_of_one_name(void **state)
{
    (void)state;
    folder_write("a.html", SLICE("page"));
    folder_write("a/index.html", SLICE("folder"));
    folder_write("b", SLICE("file"));
    folder_write("b.html", SLICE("page"));
    load();
    check_body("/a", "page");
    check_body("/a/", "folder");
    check_body("/b", "file");
    check_body("/b/", "page");
}

static void finds_encoded_names(void **state)
{
    (void)state;
    folder_write("img/a b.png", SLICE("space"));
    folder_write("img/100%.png", SLICE("percent"));
    folder_write("\xc3\xa9t\xc3\xa9.html", SLICE("summer"));
    load();
    check_body("/img/a%20b.png", "space");
    check_body("/%69mg/a%20b.pn%67", "space");
    check_body("/img/100%25.png", "percent");
    check_body("/%C3%A9t%c3%a9", "summer");
    check_body("/img/a+b.png", "404");
    check_body("/img/a%20b.png/", "404");
    check_body("/img/100%.png", "404");
}

/* S046 */
static void refuses_every_traversal(void **state)
{
    static const char *const paths[] = {
        "",
        "*",
        "index.html",
        "//index.html",
        "/./index.html",
        "/../index.html",
        "/docs/../index.html",
        "/docs/..",
        "/docs/.",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/index.html",
        "/%2e/index.html",
        "/docs%2fintro.html",
        "/docs%2Fintro.html",
        "/docs%5cintro.html",
        "/docs\\intro.html",
        "/docs%252fintro.html",
        "/index.html%00",
        "/index.html%00.png",
        "/index.html%0a",
        "/index.html%7f",
        "/index.html%",
        "/index.html%4",
        "/index.html%zz",
        "/%c0%afindex.html",
        "/INDEX.HTML",
        "/index.html?x",
        "/docs//intro.html",
        "http://localhost/index.html",
        "/etc/passwd",
    };

    const struct site_entry *entry;

    (void)state;
    folder_write("index.html", SLICE("home"));
    folder_write("docs/intro.html", SLICE("intro"));
    load();
    check_body("/docs/intro.html", "intro");
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        if (!slice_equal(body_at(paths[i]), SLICE("404"))) {
            fail_msg("found \"%s\"", paths[i]);
        }
    }
    check_status(site_find(site, SLICE("/index.html\0"), &entry),
                 STATUS_NOT_FOUND);
}

static void refuses_paths_too_long(void **state)
{
    static char path[5000];
    const struct site_entry *entry = NULL;

    (void)state;
    folder_write("index.html", SLICE("home"));
    load();
    for (size_t i = 0; i + 2 < sizeof(path); i += 3) {
        memcpy(path + i, "%41", 3);
    }
    path[0] = '/';
    for (size_t len = 0; len < sizeof(path); len++) {
        check_status(site_find(site, slice_make(path, len), &entry),
                     len == 1 ? STATUS_OK : STATUS_NOT_FOUND);
    }
}

static void serves_no_links_dot_files_or_devices(void **state)
{
    (void)state;
    folder_write("index.html", SLICE("home"));
    folder_write(".env", SLICE("secret"));
    folder_write(".git/config", SLICE("secret"));
    folder_write(".well-known/security.txt", SLICE("contact"));
    folder_write("a\\b.txt", SLICE("odd"));
    folder_write("a\tb.txt", SLICE("odd"));
    assert_int_equal(symlink("/etc/passwd", folder_path("passwd.txt")), 0);
    assert_int_equal(symlink("/etc", folder_path("etc")), 0);
    assert_int_equal(symlink("index.html", folder_path("copy.html")), 0);
    assert_int_equal(mkfifo(folder_path("pipe"), 0644), 0);
    load();
    check_body("/index.html", "home");
    check_body("/.well-known/security.txt", "contact");
    check_body("/.env", "404");
    check_body("/.git/config", "404");
    check_body("/passwd.txt", "404");
    check_body("/etc/passwd", "404");
    check_body("/copy.html", "404");
    check_body("/pipe", "404");
    assert_int_equal(site->file_count, 2);
    assert_int_equal(site->skipped_count, 4);
}

static void the_folder_itself_may_be_a_link(void **state)
{
    struct slice problem;

    (void)state;
    folder_write("release/index.html", SLICE("home"));
    assert_int_equal(symlink("release", folder_path("current")), 0);
    check_ok(load_from(folder_path("current"), SITE_LIMITS, &arena, &problem));
    check_body("/", "home");
}

static void check_problem(const char *name, const struct site_limits *limits,
                          enum status want, const char *text)
{
    struct slice problem = SLICE_EMPTY;
    enum status status =
        load_from(folder_path(name), *limits, &arena, &problem);

    if (!slice_contains(problem, slice_from_cstr(text))) {
        fail_msg("problem is \"%.*s\", want \"%s\"", SLICE_ARG(problem), text);
    }
    check_status(status, want);
    assert_null(site);
}

static void check_problem_free(const char *name)
{
    struct slice problem = SLICE_EMPTY;

    check_ok(load_from(folder_path(name), SITE_LIMITS, &arena, &problem));
    site_free(site);
    site = NULL;
}

static void says_which_folder_is_missing(void **state)
{
    (void)state;
    check_problem("nowhere", &SITE_LIMITS, STATUS_UNAVAILABLE,
                  "/nowhere: No such file or directory");
    folder_write("file", SLICE("x"));
    check_problem("file", &SITE_LIMITS, STATUS_UNAVAILABLE,
                  "/file: Not a directory");
}

static void says_which_file_cannot_be_read(void **state)
{
    (void)state;
    folder_write("docs/hidden.html", SLICE("x"));
    assert_int_equal(chmod(folder_path("docs/hidden.html"), 0), 0);
    assert_int_equal(chmod(folder, 0755), 0);
    if (geteuid() == 0) { /* whom no mode stops */
        assert_int_equal(seteuid(65534), 0);
    }
    check_problem("", &SITE_LIMITS, STATUS_UNAVAILABLE,
                  "/docs/hidden.html: Permission denied");
    if (getuid() == 0) {
        assert_int_equal(seteuid(0), 0);
    }
}

static void limits_the_files(void **state)
{
    struct site_limits limits = SITE_LIMITS;

    (void)state;
    folder_write("few/a", SLICE("a"));
    folder_write("few/b", SLICE("b"));
    limits.files = 2;
    check_ok(load_from(folder_path("few"), limits, &arena,
                       &(struct slice){NULL, 0}));
    site_free(site);
    site = NULL;
    limits.files = 1;
    check_problem("few", &limits, STATUS_TOO_LARGE, "one file more");
}

static size_t open_descriptors(void)
{
    DIR *self = opendir("/proc/self/fd");
    size_t count = 0;

    assert_non_null(self);
    while (readdir(self) != NULL) {
        count++;
    }
    closedir(self);
    return count;
}

static void leaves_nothing_open_when_it_fails(void **state)
{
    static char big[20000];
    struct site_limits limits = SITE_LIMITS;
    size_t before;

    (void)state;
    folder_write("a/b/one.bin", slice_make(big, sizeof(big)));
    folder_write("a/b/two.bin", slice_make(big, sizeof(big)));
    folder_write("a/three.bin", slice_make(big, sizeof(big)));
    before = open_descriptors();
    for (limits.files = 0; limits.files < 3; limits.files++) {
        check_problem("", &limits, STATUS_TOO_LARGE, "one file more");
        assert_int_equal(open_descriptors(), before);
    }
    load();
    assert_int_equal(open_descriptors(), before + 3);
    site_free(site);
    site = NULL;
    assert_int_equal(open_descriptors(), before);
}

static void says_when_memory_is_out(void **state)
{
    struct arena tiny;
    struct slice problem;

    (void)state;
    folder_write("index.html", SLICE("home"));
    arena_init(&tiny, 16384);
    check_status(load_from(folder, SITE_LIMITS, &tiny, &problem),
                 STATUS_NO_MEMORY);
    check_text(problem, "the site does not fit into memory");
    arena_release(&tiny);
}

static const struct site_variant *variant_of(const char *path,
                                             const char *accept)
{
    const struct site_entry *entry;

    check_ok(site_find(site, slice_from_cstr(path), &entry));
    return site_variant_choose(entry, accept == NULL ? slice_make(NULL, 0)
                                                     : slice_from_cstr(accept));
}

/* A build moved over the old one, as deployments do it. */
static void a_rebuild_changes_nothing_until_the_next_load(void **state)
{
    static char big[20000];
    char from[8192];
    char first;

    (void)state;
    memset(big, 'a', sizeof(big));
    folder_write("index.html", SLICE("old"));
    folder_write("big.html", slice_make(big, sizeof(big)));
    load();
    memset(big, 'b', sizeof(big));
    folder_write("new", slice_make(big, sizeof(big)));
    folder_write("index.html", SLICE("new"));
    snprintf(from, sizeof(from), "%s", folder_path("new"));
    assert_int_equal(rename(from, folder_path("big.html")), 0);
    check_body("/", "old");
    assert_int_equal(pread(variant_of("/big", NULL)->file->fd, &first, 1, 0),
                     1);
    assert_int_equal(first, 'a');
    load();
    check_body("/", "new");
}

static void the_deepest_folder_counts(void **state)
{
    char name[256] = "deep";

    (void)state;
    for (int i = 0; i < 32; i++) {
        strcat(name, "/d");
    }
    strcat(name, "/x");
    folder_write(name, SLICE("x"));
    check_problem("", &SITE_LIMITS, STATUS_TOO_LARGE, "nested too deeply");
    check_problem("deep", &SITE_LIMITS, STATUS_TOO_LARGE, "nested too deeply");
    check_ok(load_from(folder_path("deep/d"), SITE_LIMITS, &arena,
                       &(struct slice){NULL, 0}));
    assert_int_equal(site->file_count, 1);
}

static void the_longest_path_counts(void **state)
{
    char name[1300] = "";

    (void)state;
    for (int i = 0; i < 4; i++) {
        memset(name + strlen(name), 'a', 254);
        strcat(name, "/");
    }
    strcat(name, "abc"); /* with the first slash 1 + 4 * 255 + 3 */
    folder_write(name, SLICE("x"));
    load();
    assert_int_equal(site->files->path.len, 1024);
    site_free(site);
    site = NULL;
    strcat(name, "d");
    folder_write(name, SLICE("x"));
    check_problem("", &SITE_LIMITS, STATUS_TOO_LARGE, "path is too long");
}

static void heads_are_ready_to_send(void **state)
{
    const struct site_variant *variant;
    struct slice want;

    (void)state;
    folder_write("a.html", SLICE("page"));
    folder_set_time("a.html", 784111777);
    load();
    variant = variant_of("/a", "gzip, br");
    check_ok(arena_format(
        &arena, &want,
        "Content-Type: text/html; charset=utf-8\r\n"
        "Cache-Control: public, max-age=0, must-revalidate\r\n"
        "ETag: %.*s\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        "Accept-Ranges: bytes\r\n",
        SLICE_ARG(variant->file->etag)));
    check_slice(variant->head, want);
    check_ok(arena_format(
        &arena, &want,
        "Cache-Control: public, max-age=0, must-revalidate\r\n"
        "ETag: %.*s\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
        SLICE_ARG(variant->file->etag)));
    check_slice(variant->head_not_modified, want);
    check_text(variant->head_error,
               "Content-Type: text/html; charset=utf-8\r\n"
               "Cache-Control: public, max-age=0, must-revalidate\r\n");
    assert_int_equal(variant->file->modified, 784111777);
    assert_int_equal(variant->file->etag.len, 34);
}

static void chooses_among_stored_forms(void **state)
{
    const struct site_variant *plain;
    const struct site_variant *coded;

    (void)state;
    folder_write("assets/js/main.0123abcd.js", SLICE("plain"));
    folder_write("assets/js/main.0123abcd.js.br", SLICE("brotli"));
    folder_write("assets/js/main.0123abcd.js.gz", SLICE("gzip"));
    load();
    plain = variant_of("/assets/js/main.0123abcd.js", NULL);
    coded = variant_of("/assets/js/main.0123abcd.js", "gzip, br");
    check_text(plain->file->body, "plain");
    check_text(coded->file->body, "brotli");
    assert_true(slice_starts_with(
        coded->head,
        SLICE("Content-Type: text/javascript; charset=utf-8\r\n"
              "Content-Encoding: br\r\n"
              "Cache-Control: public, max-age=31536000, immutable\r\n"
              "Vary: Accept-Encoding\r\n")));
    assert_true(slice_starts_with(
        plain->head_not_modified,
        SLICE("Cache-Control: public, max-age=31536000, immutable\r\n"
              "Vary: Accept-Encoding\r\nETag: \"")));
    assert_false(slice_contains(plain->head, SLICE("Content-Encoding")));
    assert_false(slice_equal(plain->file->etag, coded->file->etag));
    coded = variant_of("/assets/js/main.0123abcd.js", "gzip");
    check_text(coded->file->body, "gzip");
    coded = variant_of("/assets/js/main.0123abcd.js.gz", "gzip, br");
    assert_true(slice_starts_with(
        coded->head, SLICE("Content-Type: application/gzip\r\nCache-Control: "
                           "public, max-age=0")));
}

static void a_stored_form_older_than_its_file_is_not_sent(void **state)
{
    (void)state;
    folder_write("a.css", SLICE("new"));
    folder_write("a.css.br", SLICE("old"));
    folder_write("b.css.br", SLICE("alone"));
    folder_set_time("a.css", 1000000);
    folder_set_time("a.css.br", 999999);
    load();
    check_text(variant_of("/a.css", "br")->file->body, "new");
    check_text(variant_of("/b.css.br", "br")->file->body, "alone");
    check_body("/b.css", "404");
    folder_set_time("a.css.br", 1000000);
    load();
    check_text(variant_of("/a.css", "br")->file->body, "old");
}

static void check_caching(const char *path, bool immutable)
{
    struct slice head = variant_of(path, NULL)->head;

    if (slice_contains(head, SLICE("immutable")) != immutable) {
        fail_msg("wrong caching for %s", path);
    }
}

static void only_names_made_from_content_are_kept_for_ever(void **state)
{
    static const struct {
        const char *path;
        bool immutable;
    } files[] = {
        {"assets/js/main.0123abcd.js", true},
        {"assets/js/17896441.0a1b2c3d.js", true},
        {"assets/css/styles.89abcdef.css", true},
        {"assets/images/a-0123456789abcdef0123456789abcdef.png", true},
        {"assets/files/a-0123456789abcdef0123456789abcdef.pdf", true},
        {"assets/js/main.js", false},
        {"assets/js/main.0123ABCD.js", false},
        {"assets/js/main.0123abc.js", false},
        {"assets/js/main.10123abcd.js", false},
        {"assets/js/main.0123abcd.js.map", false},
        {"assets/images/photo-20240131.png", false},
        {"img/a-0123456789abcdef0123456789abcdef.png", false},
        {"js/main.0123abcd.js", false},
        {"index.html", false},
        {"ur/404.html", false}, /* a locale: a site of its own */
        {"ur/assets/js/main.0123abcd.js", true},
        {"ur/assets/css/styles.89abcdef.css", true},
        {"ur/js/main.0123abcd.js", false},
        {"ur/assets/js/main.js", false},
        {"docs/assets/js/main.0123abcd.js", false},
        {"ur/docs/assets/js/main.0123abcd.js", false},
    };
    static const char *const bases[] = {"", "/book"};
    char path[256];

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        folder_write(files[i].path, SLICE("x"));
    }
    for (size_t b = 0; b < 2; b++) {
        base = slice_from_cstr(bases[b]);
        load();
        for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
            snprintf(path, sizeof(path), "%s/%s", bases[b], files[i].path);
            check_caching(path, files[i].immutable);
        }
    }
}

static void tags_follow_the_content_alone(void **state)
{
    struct slice first;
    struct slice copy;

    (void)state;
    folder_write("a.txt", SLICE("content"));
    folder_write("b.txt", SLICE("content"));
    folder_write("c.txt", SLICE("content\0"));
    folder_write("d.txt", SLICE("Content"));
    folder_set_time("b.txt", 1000000);
    load();
    first = variant_of("/a.txt", NULL)->file->etag;
    check_slice(variant_of("/b.txt", NULL)->file->etag, first);
    assert_false(slice_equal(variant_of("/c.txt", NULL)->file->etag, first));
    assert_false(slice_equal(variant_of("/d.txt", NULL)->file->etag, first));
    check_ok(slice_dup(&arena, first, &copy));
    load();
    check_slice(variant_of("/a.txt", NULL)->file->etag, copy);
}

static void large_files_stay_open_and_whole(void **state)
{
    static char big[200000];
    static char back[200000];
    const struct site_file *file;

    (void)state;
    for (size_t i = 0; i < sizeof(big); i++) {
        big[i] = (char)(i * 7 + i / 251);
    }
    folder_write("big.bin", slice_make(big, sizeof(big)));
    folder_write("edge.bin", slice_make(big, 16384));
    folder_write("over.bin", slice_make(big, 16385));
    folder_write("empty.txt", SLICE_EMPTY);
    load();
    file = variant_of("/big.bin", NULL)->file;
    assert_null(file->body.ptr);
    assert_int_equal(file->size, sizeof(big));
    assert_int_equal(unlink(folder_path("big.bin")), 0);
    assert_int_equal(pread(file->fd, back, sizeof(back), 0), sizeof(back));
    assert_memory_equal(big, back, sizeof(big));
    assert_int_equal(variant_of("/edge.bin", NULL)->file->fd, -1);
    assert_true(variant_of("/over.bin", NULL)->file->fd >= 0);
    check_body("/empty.txt", "");
    assert_int_equal(site->descriptor_count, 2);
    assert_int_equal(site->body_bytes, 16384);
}

static void memory_for_bodies_is_bounded(void **state)
{
    struct site_limits limits = SITE_LIMITS;
    struct slice problem;

    (void)state;
    for (char name[] = "a"; name[0] <= 'j'; name[0]++) {
        folder_write(name, SLICE("0123456789"));
    }
    limits.bodies_total = 35;
    check_ok(load_from(folder, limits, &arena, &problem));
    assert_int_equal(site->body_bytes, 30);
    assert_int_equal(site->descriptor_count, 7);
}

static void dates_are_never_in_the_future(void **state)
{
    int64_t now = clock_wall_ms() / 1000;

    (void)state;
    folder_write("a.txt", SLICE("x"));
    folder_set_time("a.txt", now + 100000);
    load();
    assert_in_range(variant_of("/a.txt", NULL)->file->modified, now, now + 60);
}

static void check_not_found_page(const char *path, const char *want)
{
    const struct site_entry *entry =
        site_not_found(site, slice_from_cstr(path));

    assert_non_null(entry);
    check_slice(entry->variants[0].file->body, slice_from_cstr(want));
}

static void gives_the_not_found_page_of_the_locale(void **state)
{
    char path[300] = "/";

    (void)state;
    folder_write("index.html", SLICE("home"));
    load();
    assert_null(site_not_found(site, SLICE("/x")));
    folder_write("404.html", SLICE("lost"));
    folder_write("fr/404.html", SLICE("perdu"));
    load();
    check_not_found_page("/x", "lost");
    check_not_found_page("/fr", "lost");
    check_not_found_page("/fr/", "perdu");
    check_not_found_page("/fr/docs/x", "perdu");
    check_not_found_page("", "lost");
    check_not_found_page("/", "lost");
    check_not_found_page("//", "lost");
    memset(path + 1, 'f', 200);
    path[201] = '/';
    check_not_found_page(path, "lost");
}

static void write_book(const char *json)
{
    folder_write("bookplate/book.json", slice_from_cstr(json));
}

static void check_below_book(void)
{
    check_body("/book/", "home");
    check_body("/book/index.html", "home");
    check_body("/book/docs/intro", "intro");
    check_body("/book/docs/intro/", "intro");
    check_body("/b%6fok/docs/intr%6f", "intro");
    check_body("/book/sitemap.xml", "<x/>");
    check_body("/book", "404");
    check_body("/", "404");
    check_body("/index.html", "404");
    check_body("/docs/intro", "404");
    check_body("/book/book/", "404");
    check_body("/bookdocs/intro", "404");
    check_body("/Book/", "404");
    check_body("//book/", "404");
}

static void a_base_stands_before_every_name(void **state)
{
    (void)state;
    write_common();
    folder_write("docs/intro/index.html", SLICE("intro"));
    base = SLICE("/book");
    load();
    check_below_book();
    assert_true(site_is_way_in(site, SLICE("/")));
    assert_true(site_is_way_in(site, SLICE("/book")));
    assert_false(site_is_way_in(site, SLICE("/book/")));
    assert_false(site_is_way_in(site, SLICE("")));
    assert_false(site_is_way_in(site, SLICE("/boo")));
}

static void the_book_says_where_it_is(void **state)
{
    (void)state;
    write_common();
    folder_write("docs/intro.html", SLICE("intro"));
    write_book("{\"base_url\":\"/book/\"}");
    load();
    check_below_book();
    check_body("/book/bookplate/book.json", "{\"base_url\":\"/book/\"}");
    base = SLICE(""); /* a setting goes before the book */
    load();
    check_body("/docs/intro", "intro");
    check_body("/book/docs/intro", "404");
    assert_false(site_is_way_in(site, SLICE("/")));
    base = (struct slice){NULL, 0};
    write_book("{}");
    load();
    check_body("/docs/intro", "intro");
}

/* One that is read from its descriptor. */
static void a_large_book_says_it_too(void **state)
{
    static char json[200000];

    (void)state;
    write_common();
    memset(json, ' ', sizeof(json));
    memcpy(json, "{", 1);
    memcpy(json + sizeof(json) - 21, "\"base_url\":\"/a/b/c/\"}", 21);
    folder_write("bookplate/book.json", slice_make(json, sizeof(json)));
    load();
    check_body("/a/b/c/", "home");
    check_body("/a/b/", "404");
}

static void says_what_is_wrong_with_a_book(void **state)
{
    (void)state;
    folder_write("site/bookplate/book.json", SLICE("{"));
    check_problem("site", &SITE_LIMITS, STATUS_INVALID_VALUE,
                  "/bookplate/book.json: is not a JSON object");
    folder_write("site/bookplate/book.json",
                 SLICE("{\"base_url\":\"//evil.example/\"}"));
    check_problem("site", &SITE_LIMITS, STATUS_INVALID_VALUE,
                  "/bookplate/book.json: base_url: has two slashes in a row");
    base = SLICE("/mine");
    check_problem_free("site");
    assert_int_equal(
        truncate(folder_path("site/bookplate/book.json"), (16 << 20) + 1), 0);
    base = (struct slice){NULL, 0};
    check_problem("site", &SITE_LIMITS, STATUS_TOO_LARGE,
                  "/bookplate/book.json: is longer than 16 MiB");
}

static void gives_the_not_found_page_below_a_base(void **state)
{
    (void)state;
    folder_write("index.html", SLICE("home"));
    folder_write("404.html", SLICE("lost"));
    folder_write("fr/404.html", SLICE("perdu"));
    base = SLICE("/a/book");
    load();
    check_not_found_page("/a/book/x", "lost");
    check_not_found_page("/a/book/fr", "lost");
    check_not_found_page("/a/book/fr/x", "perdu");
    check_not_found_page("/a/bookfr/x", "lost");
    check_not_found_page("/fr/x", "lost");
    check_not_found_page("/a", "lost");
    check_not_found_page("/a/book", "lost");
    check_not_found_page("", "lost");
    assert_int_equal(site_locale_length(site, SLICE("/a/book/fr/x")), 10);
    assert_int_equal(site_locale_length(site, SLICE("/a/book/de/x")), 7);
}

static void lives_until_the_last_owner_lets_go(void **state)
{
    struct site *second;

    (void)state;
    folder_write("index.html", SLICE("home"));
    load();
    second = site_share(site);
    site_free(site);
    site = second;
    check_body("/", "home");
    site_free(NULL);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(
    TEST(finds_pages_with_trailing_slash_true),
    TEST(finds_pages_with_trailing_slash_false),
    TEST(finds_pages_with_trailing_slash_unset),
    TEST(the_slash_decides_between_two_pages_of_one_name),
    TEST(finds_encoded_names), TEST(refuses_every_traversal),
    TEST(refuses_paths_too_long), TEST(serves_no_links_dot_files_or_devices),
    TEST(the_folder_itself_may_be_a_link), TEST(says_which_folder_is_missing),
    TEST(says_which_file_cannot_be_read), TEST(limits_the_files),
    TEST(leaves_nothing_open_when_it_fails), TEST(says_when_memory_is_out),
    TEST(a_rebuild_changes_nothing_until_the_next_load),
    TEST(the_deepest_folder_counts), TEST(the_longest_path_counts),
    TEST(heads_are_ready_to_send), TEST(chooses_among_stored_forms),
    TEST(a_stored_form_older_than_its_file_is_not_sent),
    TEST(only_names_made_from_content_are_kept_for_ever),
    TEST(tags_follow_the_content_alone), TEST(large_files_stay_open_and_whole),
    TEST(memory_for_bodies_is_bounded), TEST(dates_are_never_in_the_future),
    TEST(gives_the_not_found_page_of_the_locale),
    TEST(a_base_stands_before_every_name), TEST(the_book_says_where_it_is),
    TEST(a_large_book_says_it_too), TEST(says_what_is_wrong_with_a_book),
    TEST(gives_the_not_found_page_below_a_base),
    TEST(lives_until_the_last_owner_lets_go))
