/* SPDX-License-Identifier: Apache-2.0 */
/* A token that was verified is known again, and only that one, and in time. */
#include "lab.h"

#include "auth/token_seen.h"

#define NOW   INT64_C(1795248328000)
#define PRINT UINT64_C(42)

static struct token_seen *seen;
static struct arena arena;

static const struct token_said said = {
    .key_id = SLICE_INIT("kid"),
    .user_id = SLICE_INIT("ann"),
    .session_id = SLICE_INIT("s1"),
    .issued_ms = NOW - 1000,
    .expires_ms = NOW + 900000,
};

static struct token_seen_key key_of(struct slice jwt)
{
    return (struct token_seen_key){.jwt = jwt, .print = PRINT, .now_ms = NOW};
}

static int set_up(void **state)
{
    (void)state;
    check_ok(crypto_init());
    arena_init(&arena, (size_t)1 << 20);
    check_ok(token_seen_new(&seen));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    token_seen_free(seen);
    arena_release(&arena);
    return 0;
}

static void check_found(struct token_seen_key key, enum status expected)
{
    struct token_said out;

    check_status(token_seen_find(seen, &key, &arena, &out), expected);
    if (expected == STATUS_OK) {
        check_text(out.key_id, "kid");
        check_text(out.user_id, "ann");
        check_text(out.session_id, "s1");
        assert_int_equal(out.issued_ms, said.issued_ms);
        assert_int_equal(out.expires_ms, said.expires_ms);
    }
}

static void knows_a_token_again(void **state)
{
    struct token_seen_key key = key_of(SLICE("a.b.c"));

    (void)state;
    check_found(key, STATUS_NOT_FOUND);
    token_seen_put(seen, &key, &said);
    check_found(key, STATUS_OK);
    check_found(key_of(SLICE("a.b.d")), STATUS_NOT_FOUND);
    check_found(key_of(SLICE("a.b.")), STATUS_NOT_FOUND);
    check_found(key_of(SLICE("a.b.c ")), STATUS_NOT_FOUND);
    check_found(key_of(SLICE_EMPTY), STATUS_NOT_FOUND);
}

static void forgets_when_keys_change(void **state)
{
    struct token_seen_key key = key_of(SLICE("a.b.c"));

    (void)state;
    token_seen_put(seen, &key, &said);
    key.print = PRINT + 1;
    check_found(key, STATUS_NOT_FOUND);
    key.print = 0;
    check_found(key, STATUS_NOT_FOUND);
}

static void goes_by_the_clock(void **state)
{
    struct token_seen_key key = key_of(SLICE("a.b.c"));

    (void)state;
    token_seen_put(seen, &key, &said);
    key.now_ms = said.expires_ms - 1;
    check_found(key, STATUS_OK);
    key.now_ms = said.expires_ms;
    check_found(key, STATUS_NOT_FOUND);
    key.now_ms = NOW - 1; /* set back: whether it has begun is not known */
    check_found(key, STATUS_NOT_FOUND);
}

static void keeps_no_long_text(void **state)
{
    static char text[TOKEN_SEEN_TEXT_MAX + 1];
    struct token_seen_key key = key_of(SLICE("a.b.c"));
    struct token_said out;
    struct token_said longer = said;

    (void)state;
    memset(text, 'a', sizeof(text));
    longer.user_id = slice_make(text, sizeof(text));
    token_seen_put(seen, &key, &longer);
    check_found(key, STATUS_NOT_FOUND);
    longer.user_id.len--;
    token_seen_put(seen, &key, &longer);
    check_ok(token_seen_find(seen, &key, &arena, &out));
    check_slice(out.user_id, longer.user_id);
}

/* More than there are places: each is right or not there. */
static void makes_room(void **state)
{
    size_t found = 0;
    char text[32];

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct token_said own = said;
        struct token_seen_key key;

        snprintf(text, sizeof(text), "token-%d", i);
        key = key_of(slice_from_cstr(text));
        own.user_id = slice_from_cstr(text);
        token_seen_put(seen, &key, &own);
    }
    for (int i = 0; i < 20000; i++) {
        struct token_seen_key key;
        struct token_said out;

        arena_reset(&arena);
        snprintf(text, sizeof(text), "token-%d", i);
        key = key_of(slice_from_cstr(text));
        if (token_seen_find(seen, &key, &arena, &out) == STATUS_OK) {
            check_slice(out.user_id, slice_from_cstr(text));
            found++;
        }
    }
    assert_true(found > 4000);
}

static void is_not_needed(void **state)
{
    struct token_seen_key key = key_of(SLICE("a.b.c"));
    struct token_said out;

    (void)state;
    token_seen_put(NULL, &key, &said);
    check_status(token_seen_find(NULL, &key, &arena, &out), STATUS_NOT_FOUND);
    token_seen_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(TEST(knows_a_token_again), TEST(forgets_when_keys_change),
          TEST(goes_by_the_clock), TEST(keeps_no_long_text), TEST(makes_room),
          TEST(is_not_needed))
