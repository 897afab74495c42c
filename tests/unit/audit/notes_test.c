/* SPDX-License-Identifier: Apache-2.0 */
/* One row: its words, its hash, its pseudonyms; and rows that are listed. */
#include "audit_lab.h"

#include "base/buf.h"

static void has_a_word_for_each_event(void **state)
{
    (void)state;
    for (int i = 0; i < AUDIT_EVENTS; i++) {
        enum audit_event found;

        assert_true(audit_word((enum audit_event)i).len > 0);
        assert_true(audit_text((enum audit_event)i).len > 0);
        assert_true(audit_find(audit_word((enum audit_event)i), &found));
        assert_int_equal(found, i);
    }
    assert_false(audit_find(SLICE("sign"), &(enum audit_event){0}));
    assert_true(audit_is_word(SLICE("command")));
    assert_true(audit_is_word(SLICE("sweep")));
    assert_true(audit_is_word(SLICE("service:search")));
    assert_false(audit_is_word(SLICE("commander")));
    assert_false(audit_is_word(SLICE("")));
}

static struct slice network_of(const char *address)
{
    const struct audit_note note = {.address = slice_from_cstr(address)};
    struct statement statement;
    struct audit_row row;

    check_ok(audit_statement(&note, &world.arena, &row, &statement));
    return row.values[5].text;
}

static void keep_networks(struct world *at)
{
    (void)at;
    check_text(network_of("192.0.2.17"), "192.0.0.0/16");
    check_text(network_of("2001:db8:0:1::"), "2001:db8:0:1::");
    check_text(network_of(""), "");
}
IN_FIBER(keeps_of_an_address_its_network, keep_networks)

/* A thousand letters and a half: the cut must not split the last one. */
static void keep_short(struct world *at)
{
    struct audit_note note = {.detail = SLICE_EMPTY};
    struct statement statement;
    struct audit_row row;
    struct buf buf;

    (void)at;
    buf_init(&buf, &world.arena, 4096);
    buf_add_byte(&buf, 'x');
    for (int i = 0; i < 800; i++) {
        buf_add(&buf, SLICE("\u00fc"));
    }
    check_ok(buf_finish(&buf, &note.detail));
    check_ok(audit_statement(&note, &world.arena, &row, &statement));
    assert_int_equal(row.values[6].text.len, AUDIT_DETAIL_MAX - 1);
    check_ok(store_write(world.store, &statement, 1, &world.arena, NULL));
}
IN_FIBER(cuts_a_long_detail_between_characters, keep_short)

/* Computed with Python's hashlib: the encoding must never change. */
static void hashes_as_ever(void **state)
{
    const struct audit_entry entry = {
        .seq = 2,
        .id = SLICE("n0002"),
        .created_ms = NOW,
        .event = SLICE("sign-in"),
        .actor = SLICE("command"),
        .subject = SLICE("p_x"),
        .network = SLICE("192.0.0.0/16"),
        .detail = SLICE("a, \u00fc"),
    };
    struct arena arena;
    struct slice hash;

    (void)state;
    check_ok(crypto_init());
    arena_init(&arena, 65536);
    check_ok(audit_entry_hash(&entry, SLICE("00ff"), &arena, &hash));
    check_text(
        hash,
        "376cc4caa523d19dcbc7f10ef59e0bd30df79865214ddee270ea720bb4d2501b");
    arena_release(&arena);
}

/* What moves from one column to the next must show. */
static void tells_columns_apart(void **state)
{
    const struct audit_entry one = {
        .seq = 1, .actor = SLICE("ab"), .subject = SLICE("c")};
    const struct audit_entry other = {
        .seq = 1, .actor = SLICE("a"), .subject = SLICE("bc")};
    struct slice hashes[2];
    struct arena arena;

    (void)state;
    arena_init(&arena, 65536);
    check_ok(audit_entry_hash(&one, SLICE_EMPTY, &arena, &hashes[0]));
    check_ok(audit_entry_hash(&other, SLICE_EMPTY, &arena, &hashes[1]));
    assert_false(slice_equal(hashes[0], hashes[1]));
    arena_release(&arena);
}

static void names_users(void **state)
{
    struct audit_names *two = lab_names(2);
    struct arena arena;
    struct slice name;

    (void)state;
    arena_init(&arena, 65536);
    assert_int_equal(audit_names_count(two), 2);
    check_ok(audit_name(two, 0, SLICE("u1"), &arena, &name));
    check_text(name, "p_l7lj-cuS6oQq7z3qQpMorg");
    check_ok(audit_name(two, 1, SLICE("u1"), &arena, &name));
    check_text(name, "p_RCd2flVHy68BoKpPV5KVoA");
    check_ok(audit_name(two, 0, SLICE(""), &arena, &name));
    check_text(name, "");
    arena_release(&arena);
    audit_names_free(two);
    audit_names_free(NULL);
}

static struct audit_list list_of(const struct audit_names *with,
                                 struct slice user, struct slice event,
                                 int64_t limit)
{
    const struct audit_question question = {world.store, with, user, event,
                                            limit};
    struct audit_list list;

    check_ok(audit_list_read(&question, &world.arena, &list));
    return list;
}

static void list_rows(struct world *at)
{
    struct audit_list list;

    (void)at;
    lab_notes(3);
    lab_note((struct audit_note){
        .event = AUDIT_ADMIN, .actor = SLICE("u2"), .subject = T("u1")});
    check_ok(audit_chain_run(chain));
    lab_note(
        (struct audit_note){.event = AUDIT_KEY, .actor = SLICE("command")});
    lab_note((struct audit_note){.event = AUDIT_ERASURE, .subject = T("u2")});
    list = list_of(names, SLICE_EMPTY, SLICE_EMPTY, 100);
    assert_int_equal(list.count, 6);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.entries[i].seq, i < 4 ? (int64_t)i + 1 : 0);
        assert_false(slice_equal(list.entries[i].subject, SLICE("u1")) ||
                     slice_equal(list.entries[i].subject, SLICE("u2")));
    }
    check_text(list.entries[4].actor, "command");
    list = list_of(names, SLICE_EMPTY, SLICE_EMPTY, 3);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.entries[0].seq, 4);
    list = list_of(names, SLICE("u2"), SLICE_EMPTY, 100);
    assert_int_equal(list.count, 2);
    check_text(list.entries[0].event, "admin");
    check_text(list.entries[1].event, "erasure");
    assert_int_equal(list_of(names, SLICE("u1"), SLICE("admin"), 9).count, 1);
    assert_int_equal(list_of(names, SLICE("u3"), SLICE_EMPTY, 9).count, 0);
    assert_int_equal(list_of(names, SLICE_EMPTY, SLICE("key"), 9).count, 1);
}
IN_FIBER(lists_the_newest_last, list_rows)

/* Chained under the key that is the second by now. */
static void list_old_names(struct world *at)
{
    const struct audit_keys first = {.count = 1};
    struct audit_names *both = lab_names(2);
    struct audit_keys second = first;
    struct audit_names *old = NULL;
    struct audit_chain *by_old = NULL;

    (void)at;
    memset(second.bytes[0], 2, AUDIT_KEY_BYTES);
    check_ok(audit_names_new(&second, &old));
    check_ok(audit_chain_new(world.store, old, &by_old));
    lab_notes(1);
    check_ok(audit_chain_run(by_old));
    lab_notes(1);
    check_ok(audit_chain_run(chain));
    assert_int_equal(list_of(names, SLICE("u1"), SLICE_EMPTY, 9).count, 1);
    assert_int_equal(list_of(both, SLICE("u1"), SLICE_EMPTY, 9).count, 2);
    audit_chain_free(by_old);
    audit_names_free(old);
    audit_names_free(both);
}
IN_FIBER(finds_a_user_under_older_keys, list_old_names)

RUN_TESTS(cmocka_unit_test(has_a_word_for_each_event),
          WITH_LAB(keeps_of_an_address_its_network),
          WITH_LAB(cuts_a_long_detail_between_characters),
          cmocka_unit_test(hashes_as_ever),
          cmocka_unit_test(tells_columns_apart), cmocka_unit_test(names_users),
          WITH_LAB(lists_the_newest_last),
          WITH_LAB(finds_a_user_under_older_keys))
