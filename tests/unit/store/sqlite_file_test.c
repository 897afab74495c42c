/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite_folder.h"

#include "base/log.h"

static struct schema schema;
static struct arena arena;
static struct slice why;

static int set_up(void **state)
{
    struct schema_settings settings = {.admin = true};

    arena_init(&arena, 1 << 20);
    log_set_fd(-1);
    umask(0); /* what is made must not depend on it */
    if (folder_set_up(state) != 0) {
        return -1;
    }
    return schema_make(&settings, &arena, &why, &schema) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    arena_release(&arena);
    return folder_tear_down(state);
}

static enum status open_url(struct slice url)
{
    struct store_settings settings = {
        .url = url, .timeout_ms = 1000, .schema = &schema};
    struct store *store = NULL;
    enum status status;

    why = SLICE_EMPTY;
    status = store_open(&settings, &arena, &why, &store);
    store_close(store);
    return status;
}

static enum status open_file(const char *name)
{
    struct slice url;

    check_ok(arena_format(&arena, &url, "sqlite://%s/%s", folder, name));
    return open_url(url);
}

/* One line that names what is wrong. */
static void check_refused(enum status status, struct slice because)
{
    assert_int_not_equal(status, STATUS_OK);
    if (!slice_contains(why, because)) {
        print_error("said \"%.*s\"\n", SLICE_ARG(why));
    }
    assert_true(slice_contains(why, because));
    assert_int_equal(slice_find(why, '\n'), why.len);
}

static unsigned mode_of(const char *name)
{
    struct stat about;

    assert_int_equal(lstat(folder_path(name), &about), 0);
    return about.st_mode & 07777;
}

static void makes_files_for_the_owner_alone(void **state)
{
    struct store_settings settings = {.timeout_ms = 1000, .schema = &schema};
    struct store *store;

    (void)state;
    settings.url = sqlite_url();
    check_ok(store_open(&settings, &arena, &why, &store));
    assert_int_equal(mode_of("data"), 0700);
    assert_int_equal(mode_of("data/test.db"), 0600);
    assert_int_equal(mode_of("data/test.db-wal"), 0600);
    assert_int_equal(mode_of("data/test.db-shm"), 0600);
    store_close(store);
}

static void takes_a_path_from_the_working_folder(void **state)
{
    char before[4096];

    (void)state;
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(folder), 0);
    check_ok(open_url(SLICE("sqlite:data/book.db")));
    check_ok(open_url(SLICE("sqlite:here.db")));
    assert_int_equal(chdir(before), 0);
    assert_int_equal(mode_of("data/book.db"), 0600);
    assert_int_equal(mode_of("here.db"), 0600);
}

static void refuses_what_is_no_path(void **state)
{
    (void)state;
    check_refused(open_url(SLICE("sqlite:")), SLICE("path"));
    check_refused(open_url(SLICE("sqlite:data/")), SLICE("path"));
    check_refused(open_url(SLICE("sqlite::memory:")), SLICE("memory"));
    check_refused(open_url(SLICE("sqlite://data/x.db")), SLICE("sqlite:///"));
    check_refused(open_url(SLICE("sqlite:a\0b")), SLICE("path"));
    check_refused(open_file("no/such/folder/x.db"), SLICE("cannot be made"));
    check_refused(open_file(".."), SLICE("not a file"));
}

static void refuses_a_link(void **state)
{
    (void)state;
    check_ok(open_file("real.db"));
    assert_int_equal(symlink(folder_path("real.db"), "link.tmp"), 0);
    assert_int_equal(rename("link.tmp", folder_path("link.db")), 0);
    check_refused(open_file("link.db"), SLICE("not a file"));
    /* One that leads nowhere must not be followed to make a file there. */
    assert_int_equal(symlink("nowhere", folder_path("dangling.db")), 0);
    check_refused(open_file("dangling.db"), SLICE("not a file"));
    assert_int_equal(access(folder_path("nowhere"), F_OK), -1);
    assert_int_equal(symlink("elsewhere", folder_path("real.db-wal")), 0);
    check_refused(open_file("real.db"), SLICE("not a file"));
}

static void follows_a_link_to_the_folder(void **state)
{
    (void)state;
    assert_int_equal(mkdir(folder_path("disk"), 0700), 0);
    assert_int_equal(symlink("disk", folder_path("data")), 0);
    check_ok(open_file("data/test.db"));
    assert_int_equal(mode_of("disk/test.db"), 0600);
}

static void refuses_what_others_may_write(void **state)
{
    (void)state;
    check_ok(open_file("test.db"));
    assert_int_equal(chmod(folder_path("test.db"), 0620), 0);
    check_refused(open_file("test.db"), SLICE("others may write"));
    assert_int_equal(chmod(folder_path("test.db"), 0602), 0);
    check_refused(open_file("test.db"), SLICE("others may write"));
    assert_int_equal(chmod(folder_path("test.db"), 0644), 0);
    check_ok(open_file("test.db"));
    assert_int_equal(chmod(folder, 0770), 0);
    check_refused(open_file("test.db"), SLICE("others may write"));
    assert_int_equal(chmod(folder, 01777), 0);
    check_refused(open_file("test.db"), SLICE("others may write"));
    assert_int_equal(chmod(folder, 0755), 0);
    check_ok(open_file("test.db"));
}

static void refuses_what_is_no_database(void **state)
{
    char text[8192];

    (void)state;
    memset(text, 'x', sizeof(text));
    folder_write("notes.txt", slice_make(text, sizeof(text)));
    check_refused(open_file("notes.txt"), SLICE("not a database"));
    assert_int_equal(mkdir(folder_path("folder.db"), 0700), 0);
    check_refused(open_file("folder.db"), SLICE("not a file"));
}

/* Root may write what is read-only, so another stands in. */
static void refuses_a_file_that_is_read_only(void **state)
{
    (void)state;
    check_ok(open_file("test.db"));
    assert_int_equal(chmod(folder_path("test.db"), 0444), 0);
    if (geteuid() == 0) {
        assert_int_equal(chmod(folder, 0755), 0);
        assert_int_equal(seteuid(65534), 0);
    }
    check_refused(open_file("test.db"), SLICE("read-only"));
    if (getuid() == 0) {
        assert_int_equal(seteuid(0), 0);
    }
}

static struct store *store_of_own(void)
{
    struct store_settings settings = {
        .url = sqlite_url(), .timeout_ms = 1000, .schema = &schema};
    struct store *store;

    check_ok(store_open(&settings, &arena, &why, &store));
    return store;
}

static int64_t setting_of(struct store_direct *direct, const char *sql)
{
    struct rows rows;

    check_ok(store_sqlite.direct_run(direct, slice_from_cstr(sql), &arena,
                                     &rows, &why));
    assert_int_equal(rows.count, 1);
    return rows.values[0].number;
}

static void refuses_to_run(struct store_direct *direct, const char *sql)
{
    assert_int_not_equal(store_sqlite.direct_run(direct, slice_from_cstr(sql),
                                                 &arena, NULL, &why),
                         STATUS_OK);
}

static void trusts_nothing_a_file_brings_along(void **state)
{
    struct store *store = store_of_own();
    struct store_direct *direct;

    (void)state;
    check_ok(store_sqlite.direct_open(store, &arena, &why, &direct));
    assert_int_equal(setting_of(direct, "PRAGMA trusted_schema"), 0);
    assert_int_equal(setting_of(direct, "PRAGMA foreign_keys"), 1);
    assert_int_equal(setting_of(direct, "PRAGMA synchronous"), 2);
    refuses_to_run(direct, "SELECT load_extension('libm.so.6')");
    refuses_to_run(direct, "ATTACH 'other.db' AS other");
    refuses_to_run(direct,
                   "CREATE TABLE t (a); PRAGMA writable_schema=ON; "
                   "UPDATE sqlite_master SET sql = 'CREATE TABLE t(b)'");
    refuses_to_run(direct, "SELECT \"no such column\"");
    store_sqlite.direct_close(direct);
    store_close(store);
}

/* A statement that changes something is no reading. */
static void reads_without_changing(void **state)
{
    static const char *const changes[] = {
        "CREATE TABLE t (a integer)", "PRAGMA user_version = 7",
        "DELETE FROM sqlite_master", "VACUUM"};
    struct store *store = store_of_own();
    struct rows rows;

    (void)state;
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct query built;
        struct statement statement = {.query = QUERY_BUILT, .built = &built};

        check_ok(
            store_build(store, slice_from_cstr(changes[i]), &arena, &built));
        assert_int_not_equal(store_read(store, &statement, &arena, &rows),
                             STATUS_OK);
    }
    store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(TEST(makes_files_for_the_owner_alone),
          TEST(takes_a_path_from_the_working_folder),
          TEST(refuses_what_is_no_path), TEST(refuses_a_link),
          TEST(follows_a_link_to_the_folder),
          TEST(refuses_what_others_may_write),
          TEST(refuses_what_is_no_database),
          TEST(refuses_a_file_that_is_read_only),
          TEST(trusts_nothing_a_file_brings_along),
          TEST(reads_without_changing))
