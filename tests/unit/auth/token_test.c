/* SPDX-License-Identifier: Apache-2.0 */
#include "keys_lab.h"

#include "codec/base64.h"
#include "codec/json_read.h"
#include "crypto/jws.h"
#include "store/record.h"

/* The table of users with columns an operator might add. */
static const struct table *user_table(void)
{
    static struct column columns[USER_COLUMNS + 3];
    static struct table table;
    const struct table *plain = &lab_world.schema.tables[TABLE_USER];

    memcpy(columns, plain->columns, USER_COLUMNS * sizeof(*columns));
    columns[USER_COLUMNS] =
        (struct column){.name = SLICE("level"), .type = COLUMN_JSON};
    columns[USER_COLUMNS + 1] = (struct column){
        .name = SLICE("note"), .type = COLUMN_TEXT, .hidden = true};
    columns[USER_COLUMNS + 2] =
        (struct column){.name = SLICE("sub"), .type = COLUMN_TEXT};
    table = *plain;
    table.columns = columns;
    table.column_count = USER_COLUMNS + 3;
    return &table;
}

#define UPDATED ((int64_t)1795248328580)

static struct session a_session(struct slice token, int64_t updated)
{
    static struct value user[USER_COLUMNS + 3];
    static struct value row[SESSION_COLUMNS + 1];

    user[USER_ID] = T("u1");
    user[USER_NAME] = T("A \"quoted\" name");
    user[USER_EMAIL] = T("a@example.com");
    user[USER_EMAIL_VERIFIED] = B(true);
    user[USER_IMAGE] = NONE;
    user[USER_CREATED_AT] = AT(0);
    user[USER_UPDATED_AT] = AT(updated);
    user[USER_COLUMNS] = T("{\"b\": [1, 2]}");
    user[USER_COLUMNS + 1] = T("not for them");
    user[USER_COLUMNS + 2] = T("somebody else");
    row[SESSION_TOKEN] = value_text(token);
    return (struct session){
        .row = {&lab_world.schema.tables[TABLE_SESSION], row},
        .user = {user_table(), user}};
}

static struct slice part(struct slice jwt, int number)
{
    struct slice decoded = SLICE_EMPTY;
    struct slice text = SLICE_EMPTY;

    for (int i = 0; i <= number; i++) {
        assert_true(slice_split(&jwt, '.', &text));
    }
    check_ok(base64url_decode(&lab_world.arena, text, &decoded));
    return decoded;
}

static struct slice make_from(struct slice token, int64_t updated)
{
    struct session session = a_session(token, updated);
    struct auth_call call = lab_call();
    struct slice jwt = SLICE_EMPTY;

    check_ok(token_make(&call, &session, &jwt));
    return jwt;
}

static struct slice make(void)
{
    return make_from(SLICE("session-1"), UPDATED);
}

static enum status verify(struct slice jwt)
{
    struct auth_call call = lab_call();
    struct jwt_claims claims;

    return token_verify(&call, jwt, &claims);
}

static void look_at_one(struct world *world)
{
    int64_t now = clock_wall_ms() / 1000;
    struct slice jwt = make();
    struct slice payload = part(jwt, 1);
    struct slice expected;
    struct slice id;
    int64_t issued = 0;
    const struct json *json;

    check_ok(lab_signing(&id));
    check_ok(arena_format(&world->arena, &expected,
                          "{\"alg\":\"ES256\",\"kid\":\"%.*s\"}",
                          SLICE_ARG(id)));
    check_slice(part(jwt, 0), expected);
    check_ok(json_parse(&world->arena, payload, JSON_LIMITS_DEFAULT, &json));
    check_ok(json_int64(json_get(json, SLICE("iat")), &issued));
    assert_in_range(issued, now, now + 60);
    check_ok(arena_format(
        &world->arena, &expected,
        "{\"iat\":%lld,\"name\":\"A \\\"quoted\\\" name\","
        "\"email\":\"a@example.com\",\"emailVerified\":true,\"image\":null,"
        "\"createdAt\":\"1970-01-01T00:00:00.000Z\","
        "\"updatedAt\":\"2026-11-21T08:05:28.580Z\",\"level\":{\"b\":[1,2]},"
        "\"id\":\"u1\",\"sub\":\"u1\",\"exp\":%lld,"
        "\"iss\":\"https://book.example.org\","
        "\"aud\":\"https://book.example.org\"}",
        (long long)issued, (long long)issued + 900));
    check_slice(payload, expected);
    check_ok(verify(jwt));
}

static void says_what_the_original_says(void **state)
{
    (void)state;
    lab_restart(KEY_ES256, 0);
    world_run(&lab_world, look_at_one);
}

/* ES256 signs another way each time, so equal means kept. */
static void ask_again(struct world *world)
{
    struct slice first = make();

    (void)world;
    check_slice(make(), first);
    assert_false(slice_equal(make_from(SLICE("session-2"), UPDATED), first));
    check_slice(make(), first);
    assert_false(
        slice_equal(make_from(SLICE("session-1"), UPDATED + 1), first));
    first = make();
    token_forget(lab.keys, SLICE("session-2"));
    check_slice(make(), first);
    token_forget(lab.keys, SLICE("session-1"));
    assert_false(slice_equal(make(), first));
    first = make();
    token_forget_user(lab.keys, SLICE("u2"));
    check_slice(make(), first);
    token_forget_user(lab.keys, SLICE("u1"));
    assert_false(slice_equal(make(), first));
    first = make();
    lab_later(TOKEN_REUSE_MS - 5000);
    check_slice(make(), first);
    lab_later(6000);
    assert_false(slice_equal(make(), first));
    token_forget(NULL, SLICE("session-1"));
    token_forget_user(NULL, SLICE("u1"));
}

static void keeps_one_for_a_minute(void **state)
{
    (void)state;
    lab_restart(KEY_ES256, 0);
    world_run(&lab_world, ask_again);
    lab_later(0);
}

/* More sessions than there are places: each still gets its own. */
static void ask_for_many(struct world *world)
{
    char name[32];

    for (int i = 0; i < 6000; i++) {
        CLEANUP(arena_release) struct arena arena;
        struct auth_call call = lab_call();
        struct session session;
        struct slice jwt;

        snprintf(name, sizeof(name), "many-%d", i);
        session = a_session(slice_from_cstr(name), UPDATED);
        arena_init(&arena, 1 << 20);
        call.arena = &arena;
        check_ok(token_make(&call, &session, &jwt));
        assert_true(jwt.len > 0);
    }
    check_ok(verify(make_from(slice_from_cstr(name), UPDATED)));
    (void)world;
}

static void keeps_no_more_than_its_places(void **state)
{
    (void)state;
    lab_restart(KEY_EDDSA, 0);
    world_run(&lab_world, ask_for_many);
}

static struct slice encoded(const char *text)
{
    struct slice out = SLICE_EMPTY;
    struct buf buf;

    buf_init(&buf, &lab_world.arena, JWS_LIMIT);
    base64url_encode(&buf, slice_from_cstr(text));
    check_ok(buf_finish(&buf, &out));
    return out;
}

/* The token with another header, its signature kept. */
static struct slice with_header(struct slice jwt, const char *format)
{
    struct slice rest = slice_from(jwt, slice_find(jwt, '.'));
    struct slice header = SLICE_EMPTY;
    struct slice id = SLICE_EMPTY;
    struct slice out = SLICE_EMPTY;

    check_ok(lab_signing(&id));
    check_ok(
        arena_format(&lab_world.arena, &header, format, SLICE_ARG(id), '\0'));
    header = encoded(header.ptr);
    check_ok(arena_format(&lab_world.arena, &out, "%.*s%.*s", SLICE_ARG(header),
                          SLICE_ARG(rest)));
    return out;
}

/* Signed by our own key, but with these claims. */
static struct slice with_claims(const char *format)
{
    struct auth_call call = lab_call();
    const struct key_ring *ring = NULL;
    struct slice payload = SLICE_EMPTY;
    struct slice out = SLICE_EMPTY;

    check_ok(keys_take(&call, KEYS_TO_SIGN, &ring));
    check_ok(arena_format(call.arena, &payload, format,
                          (long long)call.now / 1000 + 60));
    check_ok(jws_sign(key_ring_signing(ring, call.now), SLICE_EMPTY, payload,
                      call.arena, &out));
    return out;
}

static const char *const bad_headers[] = {
    "{\"alg\":\"none\",\"kid\":\"%.*s\"}%c",
    "{\"alg\":\"HS256\",\"kid\":\"%.*s\"}%c",
    "{\"alg\":\"EdDSA\",\"kid\":\"%.*s\"}%c",
    "{\"alg\":\"ES256\",\"kid\":\"../%.*s\"}%c",
    "{\"alg\":\"ES256\",\"kid\":\"%.*s\",\"crit\":[\"x\"]}%c",
    "{\"alg\":\"ES256\",\"kid\":\"%.*s\",\"b64\":false}%c",
    "{\"alg\":\"ES256\",\"kid\":\"%.*s\",\"jku\":\"http://127.0.0.1:1/\"}%c",
    "{\"alg\":\"ES256\",\"x\":\"%.*s\"}%c",
};

static const char *const bad_claims[] = {
    "{\"sub\":\"u1\",\"exp\":%lld,\"iss\":\"https://evil.example\","
    "\"aud\":\"https://book.example.org\"}",
    /* The original's cookie under the same key. */
    "{\"sub\":\"u1\",\"exp\":%lld,\"iss\":\"https://book.example.org\","
    "\"aud\":\"better-auth:session-cache\"}",
    "{\"sub\":\"u1\",\"xp\":%lld,\"iss\":\"https://book.example.org\","
    "\"aud\":\"https://book.example.org\"}",
    "{\"sub\":\"u1\",\"exp\":1,\"iat\":%lld,\"iss\":"
    "\"https://book.example.org\",\"aud\":\"https://book.example.org\"}",
};

static void try_forgeries(struct world *world)
{
    struct slice jwt = make();
    struct slice changed = SLICE_EMPTY;

    for (size_t i = 0; i < sizeof(bad_headers) / sizeof(*bad_headers); i++) {
        check_status(verify(with_header(jwt, bad_headers[i])),
                     STATUS_INVALID_TOKEN);
    }
    for (size_t i = 0; i < sizeof(bad_claims) / sizeof(*bad_claims); i++) {
        check_status(verify(with_claims(bad_claims[i])), STATUS_INVALID_TOKEN);
    }
    for (size_t at = 0; at < jwt.len; at += 7) {
        check_ok(slice_dup(&world->arena, jwt, &changed));
        ((char *)changed.ptr)[at] = changed.ptr[at] == 'A' ? 'B' : 'A';
        check_status(verify(changed), STATUS_INVALID_TOKEN);
    }
    check_status(verify(SLICE_EMPTY), STATUS_INVALID_TOKEN);
    check_status(verify(SLICE("..")), STATUS_INVALID_TOKEN);
    check_ok(verify(jwt));
    check_ok(verify(with_claims(
        "{\"sub\":\"u1\",\"exp\":%lld,\"iss\":\"https://book.example.org\","
        "\"aud\":\"https://book.example.org\"}")));
}

static void refuses_what_is_forged(void **state)
{
    (void)state;
    lab_restart(KEY_ES256, 0);
    world_run(&lab_world, try_forgeries);
}

static void let_time_pass(struct world *world)
{
    struct slice jwt = make();

    (void)world;
    lab_later(900000 - 2000);
    check_ok(verify(jwt));
    lab_later(10000);
    check_status(verify(jwt), STATUS_INVALID_TOKEN);
}

static void ends_when_it_says(void **state)
{
    (void)state;
    lab_restart(KEY_EDDSA, 0);
    world_run(&lab_world, let_time_pass);
    lab_later(0);
}

static void rotate_under_tokens(struct world *world)
{
    struct slice last = make();

    (void)world;
    for (int minute = 0; minute < 200; minute++) {
        lab_later(60000);
        check_ok(verify(last));
        last = make();
        check_ok(verify(last));
    }
    assert_true(lab_rows() >= 4);
}

static void a_rotation_fails_no_token(void **state)
{
    (void)state;
    lab_restart(KEY_ES256, HOUR);
    world_run(&lab_world, rotate_under_tokens);
    lab_later(0);
}

static void be_too_large(struct world *world)
{
    static char name[20000];
    struct session session = a_session(SLICE("session-1"), UPDATED);
    struct auth_call call = lab_call();
    struct slice jwt;

    (void)world;
    memset(name, 'n', sizeof(name));
    session.user.values[USER_NAME] = value_text(slice_make(name, sizeof(name)));
    check_status(token_make(&call, &session, &jwt), STATUS_TOO_LARGE);
}

static void refuses_what_fits_no_header(void **state)
{
    (void)state;
    lab_restart(KEY_EDDSA, 0);
    world_run(&lab_world, be_too_large);
}

/* As one that names its session; SESSION_ID is the row's. */
static struct slice make_named(void)
{
    struct session session = a_session(SLICE("session-1"), UPDATED);
    struct auth_call call = lab_call();
    struct slice jwt = SLICE_EMPTY;

    session.row.values[SESSION_ID] = T("s1");
    check_ok(token_make_session(&call, &session, SLICE("{\"a\":1}"), &jwt));
    return jwt;
}

static enum status open_named(struct slice jwt, bool is_over)
{
    struct auth_call call = lab_call();
    struct token_open out;

    TRY(token_open(&call, jwt, &out));
    check_text(out.user_id, "u1");
    check_text(out.session_id, "s1");
    assert_int_equal(out.is_over, is_over);
    return STATUS_OK;
}

/* The second time it is known; that must show in nothing but the time taken. */
static void open_again(struct world *world)
{
    struct slice jwt = make_named();
    struct slice changed = SLICE_EMPTY;

    check_ok(open_named(jwt, false));
    check_ok(open_named(jwt, false));
    for (size_t at = 0; at < jwt.len; at += 7) {
        check_ok(slice_dup(&world->arena, jwt, &changed));
        ((char *)changed.ptr)[at] = changed.ptr[at] == 'A' ? 'B' : 'A';
        check_status(open_named(changed, false), STATUS_INVALID_TOKEN);
    }
    check_status(open_named(slice_head(jwt, jwt.len - 1), false),
                 STATUS_INVALID_TOKEN);
    lab_later(900000 - 2000);
    check_ok(open_named(jwt, false));
    lab_later(10000);
    check_ok(open_named(jwt, true));
    check_ok(open_named(jwt, true));
}

static void opens_a_known_token_alike(void **state)
{
    (void)state;
    lab_restart(KEY_ES256, 0);
    world_run(&lab_world, open_again);
    lab_later(0);
}

static void lose_the_key(struct world *world)
{
    struct slice jwt = make_named();

    check_ok(open_named(jwt, false));
    world_direct(world, "DELETE FROM jwks");
    lab_later(6000);
    (void)make_named(); /* the table was read anew */
    check_status(open_named(jwt, false), STATUS_INVALID_TOKEN);
}

static void forgets_a_token_with_its_key(void **state)
{
    (void)state;
    lab_restart(KEY_ES256, 0);
    world_run(&lab_world, lose_the_key);
    lab_later(0);
}

#define WITH_LAB(test)                                                         \
    cmocka_unit_test_setup_teardown(test, lab_set_up, lab_tear_down)

RUN_TESTS(WITH_LAB(says_what_the_original_says),
          WITH_LAB(keeps_one_for_a_minute),
          WITH_LAB(keeps_no_more_than_its_places),
          WITH_LAB(refuses_what_is_forged), WITH_LAB(ends_when_it_says),
          WITH_LAB(a_rotation_fails_no_token),
          WITH_LAB(refuses_what_fits_no_header),
          WITH_LAB(opens_a_known_token_alike),
          WITH_LAB(forgets_a_token_with_its_key))
