/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/buf.h"
#include "store/schema.h"

#include <unistd.h>

static struct arena arena;
static struct schema schema;
static struct slice why;

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

static enum status make(const char *description)
{
    const struct schema_settings settings = {
        .description = slice_from_cstr(description),
        .admin = true,
        .jwt = true,
        .rate_limit = true,
    };

    return schema_make(&settings, &arena, &why, &schema);
}

static const struct table *table(enum table_id id)
{
    return &schema.tables[id];
}

/* A user's column, that must be there. */
static const struct column *column(const char *name)
{
    size_t at = table_column(table(TABLE_USER), slice_from_cstr(name));

    assert_int_not_equal(at, COLUMN_NONE);
    return &table(TABLE_USER)->columns[at];
}

static void check_refused(const char *description, const char *line)
{
    check_status(make(description), STATUS_INVALID_VALUE);
    check_slice(why, slice_from_cstr(line));
}

static void without_settings_it_is_better_auths(void **state)
{
    const struct schema_settings settings = {0};

    (void)state;
    check_ok(schema_make(&settings, &arena, &why, &schema));
    assert_int_equal(table(TABLE_USER)->column_count, USER_COLUMNS);
    assert_int_equal(table(TABLE_SESSION)->column_count, SESSION_COLUMNS);
    check_text(table(TABLE_RATE_LIMIT)->stored, "rateLimit");
    check_text(column("emailVerified")->stored, "emailVerified");
    assert_true(table(TABLE_VERIFICATION)->exists);
    assert_false(table(TABLE_JWKS)->exists);
    assert_false(table(TABLE_RATE_LIMIT)->exists);
    assert_int_equal(schema.user_role, COLUMN_NONE);
    assert_int_equal(schema.session_impersonated_by, COLUMN_NONE);
}

/* The enums count what the tables hold: a name for each number. */
static void enums_name_the_columns(void **state)
{
    (void)state;
    check_ok(make(""));
    check_text(table(TABLE_USER)->columns[USER_UPDATED_AT].name, "updatedAt");
    check_text(table(TABLE_SESSION)->columns[SESSION_USER_ID].name, "userId");
    check_text(table(TABLE_SESSION)->columns[SESSION_TOKEN].name, "token");
    check_text(table(TABLE_ACCOUNT)->columns[ACCOUNT_PASSWORD].name,
               "password");
    check_text(table(TABLE_ACCOUNT)->columns[ACCOUNT_ACCOUNT_ID].name,
               "accountId");
    check_text(table(TABLE_VERIFICATION)->columns[VERIFICATION_VALUE].name,
               "value");
    check_text(table(TABLE_JWKS)->columns[JWKS_CRV].name, "crv");
    check_text(table(TABLE_RATE_LIMIT)->columns[RATE_LIMIT_COUNT].name,
               "count");
    check_text(table(TABLE_USER)->columns[schema.user_role].name, "role");
    check_text(table(TABLE_USER)->columns[schema.user_ban_expires].name,
               "banExpires");
    check_text(
        table(TABLE_SESSION)->columns[schema.session_impersonated_by].name,
        "impersonatedBy");
}

static void snake_case_names_what_nobody_named(void **state)
{
    const struct schema_settings settings = {
        .description = SLICE("{\"user\":{\"fields\":{\"image\":\"picture\"},"
                             "\"additionalFields\":{\"avatarURL\":{\"type\":"
                             "\"string\"},\"homeTown\":{\"type\":\"string\","
                             "\"fieldName\":\"town\"}}}}"),
        .snake_case = true,
    };

    (void)state;
    check_ok(schema_make(&settings, &arena, &why, &schema));
    check_text(table(TABLE_RATE_LIMIT)->stored, "rate_limit");
    check_text(column("emailVerified")->stored, "email_verified");
    check_text(column("image")->stored, "picture");
    check_text(column("avatarURL")->stored, "avatar_url");
    check_text(column("homeTown")->stored, "town");
    check_text(
        table(TABLE_ACCOUNT)->columns[ACCOUNT_REFRESH_TOKEN_EXPIRES_AT].stored,
        "refresh_token_expires_at");
}

static void names_come_from_the_description(void **state)
{
    (void)state;
    check_ok(make("{\"user\":{\"modelName\":\"users\"},\"session\":{"
                  "\"fields\":{\"userId\":\"user_id\"}},\"jwks\":{"
                  "\"modelName\":\"keys\"},\"rateLimit\":{\"fields\":{"
                  "\"key\":\"k\"}}}"));
    check_text(table(TABLE_USER)->stored, "users");
    check_text(table(TABLE_USER)->name, "user");
    check_text(table(TABLE_SESSION)->columns[SESSION_USER_ID].stored,
               "user_id");
    check_text(table(TABLE_JWKS)->stored, "keys");
    check_text(table(TABLE_RATE_LIMIT)->columns[RATE_LIMIT_KEY].stored, "k");
}

static void fields_of_every_type(void **state)
{
    (void)state;
    check_ok(make(
        "{\"user\":{\"additionalFields\":{"
        "\"a\":{\"type\":\"string\",\"defaultValue\":\"x\"},"
        "\"b\":{\"type\":\"number\",\"defaultValue\":-3},"
        "\"c\":{\"type\":\"number\",\"bigint\":true,"
        "\"defaultValue\":9007199254740993},"
        "\"d\":{\"type\":\"boolean\",\"defaultValue\":true},"
        "\"e\":{\"type\":\"date\",\"defaultValue\":\"2020-01-01\"},"
        "\"f\":{\"type\":\"json\",\"defaultValue\":{\"k\":[1, null]}},"
        "\"g\":{\"type\":\"string[]\",\"defaultValue\":[\"x\"]},"
        "\"h\":{\"type\":\"number[]\",\"defaultValue\":[1,2.5]},"
        "\"i\":{\"type\":[\"low\",\"high\"],\"defaultValue\":\"low\"}}}}"));
    check_text(column("a")->initial.text, "x");
    assert_int_equal(column("b")->initial.number, -3);
    assert_int_equal(column("b")->type, COLUMN_INTEGER);
    assert_int_equal(column("c")->type, COLUMN_BIGINT);
    assert_true(column("c")->initial.number == 9007199254740993);
    assert_int_equal(column("d")->initial.kind, VALUE_BOOLEAN);
    assert_int_equal(column("e")->initial.kind, VALUE_TIME);
    assert_true(column("e")->initial.number == 1577836800000);
    check_text(column("f")->initial.text, "{\"k\":[1,null]}");
    check_text(column("g")->initial.text, "[\"x\"]");
    check_text(column("h")->initial.text, "[1,2.5]");
    assert_int_equal(column("i")->type, COLUMN_TEXT);
    assert_int_equal(column("i")->word_count, 2);
    check_text(column("i")->words[1], "high");
    assert_true(column("i")->additional);
    /* Behind the core's and the plugin's. */
    check_text(table(TABLE_USER)->columns[USER_COLUMNS + 4].name, "a");
}

static void flags_mean_what_they_do_in_the_original(void **state)
{
    (void)state;
    check_ok(make("{\"user\":{\"additionalFields\":{"
                  "\"left\":{\"type\":\"string\"},"
                  "\"must\":{\"type\":\"string\",\"required\":true,"
                  "\"unique\":true,\"index\":true},"
                  "\"may\":{\"type\":\"string\",\"required\":false,"
                  "\"returned\":false,\"input\":false,"
                  "\"defaultValue\":null}}}}"));
    assert_true(column("left")->required);
    assert_false(column("left")->checked);
    assert_false(column("left")->has_initial);
    assert_true(column("must")->required && column("must")->checked);
    assert_true(column("must")->unique && column("must")->indexed);
    assert_false(column("may")->required || column("may")->checked);
    assert_true(column("may")->hidden && column("may")->no_input);
    assert_true(column("may")->has_initial);
    assert_int_equal(column("may")->initial.kind, VALUE_NULL);
}

static void refuses_what_it_does_not_know(void **state)
{
    (void)state;
    check_refused("{", "it is not a JSON object, or names something twice");
    check_refused("{\"user\":{},\"user\":{}}",
                  "it is not a JSON object, or names something twice");
    check_refused("{\"users\":{}}",
                  "users: only user, session, account, verification, jwks, "
                  "rateLimit are known here");
    check_refused("{\"user\":[]}", "user must be an object");
    check_refused("{\"user\":{\"model\":\"x\"}}",
                  "user.model: only modelName, fields, additionalFields are "
                  "known here");
    check_refused("{\"jwks\":{\"additionalFields\":{}}}",
                  "jwks.additionalFields: only modelName, fields are known "
                  "here");
    check_refused("{\"user\":{\"fields\":{\"mail\":\"x\"}}}",
                  "user.fields: there is no column 'mail' to rename");
    check_refused("{\"user\":{\"fields\":{\"id\":\"x\"}}}",
                  "user.fields: there is no column 'id' to rename");
    check_refused("{\"user\":{\"fields\":{\"email\":5}}}",
                  "user.fields must be an object of texts");
    check_refused("{\"user\":{\"additionalFields\":{\"a\":{\"type\":"
                  "\"string\",\"require\":true}}}}",
                  "user.additionalFields.a.require is not known here");
    check_refused("{\"user\":{\"additionalFields\":{\"a\":{\"type\":"
                  "\"text\"}}}}",
                  "user.additionalFields.a.type must be string, number, "
                  "boolean, date, json, string[], number[] or a list of words");
    check_refused("{\"user\":{\"additionalFields\":{\"a\":{}}}}",
                  "user.additionalFields.a.type must be string, number, "
                  "boolean, date, json, string[], number[] or a list of words");
    check_refused("{\"user\":{\"additionalFields\":{\"a\":\"string\"}}}",
                  "user.additionalFields.a must be an object with a type");
    check_refused("{\"user\":{\"additionalFields\":{\"a\":{\"type\":[]}}}}",
                  "user.additionalFields.a.type: a list has 1 to 64 words");
    check_refused("{\"user\":{\"additionalFields\":{\"a\":{\"type\":[1]}}}}",
                  "user.additionalFields.a.type: a word has 1 to 255 bytes");
    check_refused("{\"user\":{\"additionalFields\":{\"a\":{\"type\":"
                  "\"string\",\"unique\":1}}}}",
                  "user.additionalFields.a.unique must be true or false");
    check_refused("{\"user\":{\"additionalFields\":{\"a\":{\"type\":"
                  "\"string\",\"bigint\":true}}}}",
                  "user.additionalFields.a.bigint is for numbers");
}

static void refuses_names_that_would_not_do(void **state)
{
    static const char *const names[] = {
        "",
        "1st",
        "a b",
        "a\\\"b",
        "a;drop",
        "gr\xc3\xbc\xc3\x9f",
        "a\\u0000b",
        "$1",
        "a.b",
        "a'b",
        "a-b",
        "a234567890123456789012345678901234567890123456789012345678901234",
    };
    struct slice text;

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        check_ok(arena_format(&arena, &text,
                              "{\"user\":{\"modelName\":\"%s\"}}", names[i]));
        check_status(make(text.ptr), STATUS_INVALID_VALUE);
        check_ok(arena_format(&arena, &text,
                              "{\"user\":{\"fields\":{\"name\":\"%s\"}}}",
                              names[i]));
        check_status(make(text.ptr), STATUS_INVALID_VALUE);
        check_ok(arena_format(&arena, &text,
                              "{\"user\":{\"additionalFields\":{\"%s\":{"
                              "\"type\":\"string\"}}}}",
                              names[i]));
        check_status(make(text.ptr), STATUS_INVALID_VALUE);
    }
}

static void refuses_names_that_clash(void **state)
{
    (void)state;
    check_refused("{\"user\":{\"additionalFields\":{\"EMAIL\":{\"type\":"
                  "\"string\"}}}}",
                  "user.additionalFields.EMAIL: there is such a column");
    check_refused("{\"user\":{\"additionalFields\":{\"role\":{\"type\":"
                  "\"string\"}}}}",
                  "user.additionalFields.role: there is such a column");
    check_refused("{\"user\":{\"fields\":{\"name\":\"Email\"}}}",
                  "user: two columns are called 'email'");
    check_refused("{\"user\":{\"additionalFields\":{\"a\":{\"type\":"
                  "\"string\",\"fieldName\":\"id\"}}}}",
                  "user: two columns are called 'id'");
    check_refused("{\"user\":{\"modelName\":\"Session\"}}",
                  "two tables are called 'session'");
    check_refused("{\"user\":{\"modelName\":\"bookplate_outbox\"}}",
                  "user.modelName: 'bookplate_outbox' is reserved");
    check_refused("{\"user\":{\"modelName\":\"SQLite_x\"}}",
                  "user.modelName: 'SQLite_x' is reserved");
}

static void a_column_of_the_plugin_is_free_without_it(void **state)
{
    const struct schema_settings settings = {
        .description = SLICE("{\"user\":{\"additionalFields\":{\"role\":{"
                             "\"type\":\"string\"}}}}"),
    };

    (void)state;
    check_ok(schema_make(&settings, &arena, &why, &schema));
    assert_true(column("role")->additional);
    assert_int_equal(schema.user_role, COLUMN_NONE);
}

static void refuses_a_default_of_another_type(void **state)
{
    static const char *const fields[] = {
        "\"string\",\"defaultValue\":5",
        "\"string\",\"defaultValue\":null",
        "\"number\",\"defaultValue\":4.5",
        "\"number\",\"defaultValue\":2147483648",
        "\"number\",\"defaultValue\":\"5\"",
        "\"boolean\",\"defaultValue\":1",
        "\"date\",\"defaultValue\":\"soon\"",
        "\"date\",\"defaultValue\":5",
        "\"string[]\",\"defaultValue\":\"x\"",
        "\"string[]\",\"defaultValue\":[1]",
        "\"number[]\",\"defaultValue\":[\"1\"]",
        "[\"low\"],\"defaultValue\":\"high\"",
    };
    struct slice text;

    (void)state;
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        check_ok(arena_format(
            &arena, &text,
            "{\"user\":{\"additionalFields\":{\"a\":{\"type\":%s}}}}",
            fields[i]));
        check_refused(text.ptr, "user.additionalFields.a.defaultValue is not "
                                "of the field's type");
    }
}

static void refuses_too_many_columns(void **state)
{
    struct slice text;
    struct buf buf;

    (void)state;
    buf_init(&buf, &arena, 65536);
    buf_add(&buf, SLICE("{\"user\":{\"additionalFields\":{\"a\":{\"type\":"
                        "\"json\"}"));
    for (int i = 0; i < 64; i++) {
        buf_format(&buf, ",\"a%d\":{\"type\":\"json\"}", i);
    }
    buf_add(&buf, SLICE("}}}"));
    check_ok(buf_finish(&buf, &text));
    check_ok(slice_dup(&arena, text, &text));
    check_refused(text.ptr, "user.additionalFields.a52: a table has at most "
                            "64 columns");
}

static void reads_a_file(void **state)
{
    static const char text[] = "{\"user\":{\"modelName\":\"people\"}}";
    char name[] = "/tmp/bookplate-schema-XXXXXX";
    int fd = mkstemp(name);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
    check_ok(make(name));
    check_text(table(TABLE_USER)->stored, "people");
    assert_int_equal(ftruncate(fd, 65537), 0);
    check_status(make(name), STATUS_INVALID_VALUE);
    assert_true(slice_ends_with(why, SLICE("is too large")));
    close(fd);
    unlink(name);
    check_status(make(name), STATUS_INVALID_VALUE);
    assert_true(slice_ends_with(why, SLICE("cannot be read")));
    check_status(make("/"), STATUS_INVALID_VALUE);
}

/* However little memory there is, it says so. */
static void survives_a_small_arena(void **state)
{
    const struct schema_settings settings = {
        .description = SLICE("{\"user\":{\"additionalFields\":{\"a\":{"
                             "\"type\":[\"x\",\"y\"]}}}}"),
        .snake_case = true,
        .admin = true,
    };
    enum status status = STATUS_NO_MEMORY;

    (void)state;
    for (size_t limit = 1024; status != STATUS_OK; limit += 1024) {
        struct arena small;

        assert_true(limit < 1 << 20);
        arena_init(&small, limit);
        status = schema_make(&settings, &small, &why, &schema);
        assert_true(status == STATUS_OK || status == STATUS_NO_MEMORY);
        arena_release(&small);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(TEST(without_settings_it_is_better_auths),
          TEST(enums_name_the_columns),
          TEST(snake_case_names_what_nobody_named),
          TEST(names_come_from_the_description), TEST(fields_of_every_type),
          TEST(flags_mean_what_they_do_in_the_original),
          TEST(refuses_what_it_does_not_know),
          TEST(refuses_names_that_would_not_do), TEST(refuses_names_that_clash),
          TEST(a_column_of_the_plugin_is_free_without_it),
          TEST(refuses_a_default_of_another_type),
          TEST(refuses_too_many_columns), TEST(reads_a_file),
          TEST(survives_a_small_arena))
