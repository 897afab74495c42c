/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is done to the chain, verify says where (S092). */
#include "audit_lab.h"

/* Ten rows, of ten users. */
static void make_chain(void)
{
    for (int i = 0; i < 10; i++) {
        struct slice user;

        check_ok(arena_format(&world.arena, &user, "u%d", i));
        lab_note((struct audit_note){.event = AUDIT_SIGN_IN,
                                     .subject = value_text(user),
                                     .address = SLICE("192.0.2.1"),
                                     .detail = SLICE("password")});
    }
    check_ok(audit_chain_run(chain));
    check_text(lab_verify(), "");
}

static const char *tampering;
static const char *finding;

static void tamper(struct world *at)
{
    (void)at;
    make_chain();
    lab_sql(tampering);
    check_slice(lab_verify(), slice_from_cstr(finding));
}

#define TAMPERING(name, sql, says)                                             \
    static void name(void **state)                                             \
    {                                                                          \
        (void)state;                                                           \
        tampering = sql;                                                       \
        finding = says;                                                        \
        world_run(&world, tamper);                                             \
    }

#define SET(what, where) "UPDATE bookplate_audit SET " what " WHERE " where
#define CHANGED          "row 4 was changed, or is not the one that followed row 3"

TAMPERING(sees_another_detail, SET("detail = 'passwort'", "seq = 4"), CHANGED)
TAMPERING(sees_another_event, SET("event = 'sign-up'", "seq = 4"), CHANGED)
TAMPERING(sees_another_actor, SET("actor = 'command'", "seq = 4"), CHANGED)
TAMPERING(sees_another_subject, SET("subject = 'p_x'", "seq = 4"), CHANGED)
TAMPERING(sees_another_network, SET("network = ''", "seq = 4"), CHANGED)
TAMPERING(sees_another_time, SET("created_at = created_at + 1", "seq = 4"),
          CHANGED)
TAMPERING(sees_another_id, SET("id = 'other'", "seq = 4"), CHANGED)
TAMPERING(sees_another_hash, SET("hash = 'ff'", "seq = 4"), CHANGED)
TAMPERING(sees_no_hash, SET("hash = NULL", "seq = 4"), CHANGED)
TAMPERING(sees_text_moved,
          SET("actor = 'p', subject = substr(subject, 2)", "seq = 4"), CHANGED)
TAMPERING(sees_a_number_taken, SET("seq = NULL", "seq = 4"), "row 4 is missing")
TAMPERING(sees_a_row_gone, "DELETE FROM bookplate_audit WHERE seq = 4",
          "row 4 is missing")
TAMPERING(sees_rows_gone, "DELETE FROM bookplate_audit WHERE seq IN (4, 5, 6)",
          "rows 4 to 6 are missing")
TAMPERING(sees_the_first_gone, "DELETE FROM bookplate_audit WHERE seq = 1",
          "row 1 is missing")
TAMPERING(sees_the_last_gone, "DELETE FROM bookplate_audit WHERE seq > 7",
          "the chain was cut off behind row 7: its head says that there are 10")
TAMPERING(sees_all_gone, "DELETE FROM bookplate_audit",
          "the chain was cut off behind row 0: its head says that there are 10")
TAMPERING(sees_a_row_put_before,
          "INSERT INTO bookplate_audit (id, created_at, "
          "event, seq, hash) VALUES ('x', 0, 'sign-in', 0, 'ff')",
          "row 0 was added: numbers begin with 1")
TAMPERING(sees_a_row_put_behind,
          "INSERT INTO bookplate_audit (id, created_at, "
          "event, seq, hash) VALUES ('x', 0, 'sign-in', 11, 'ff')",
          "row 11 was changed, or is not the one that followed row 10")
TAMPERING(sees_a_row_far_behind,
          "INSERT INTO bookplate_audit (id, created_at, "
          "event, seq, hash) VALUES ('x', 0, 'sign-in', 99, 'ff')",
          "rows 11 to 98 are missing")
TAMPERING(sees_a_head_behind, "UPDATE bookplate_audit_head SET seq = 8",
          "row 9 was added, or the head was changed: it ends the chain at "
          "row 8")
TAMPERING(sees_a_head_before, "UPDATE bookplate_audit_head SET seq = 12",
          "the chain was cut off behind row 10: its head says that there are "
          "12")
TAMPERING(sees_another_head, "UPDATE bookplate_audit_head SET hash = 'ff'",
          "the head of the chain has another hash than row 10")
TAMPERING(sees_no_head, "DELETE FROM bookplate_audit_head",
          "the head of the chain is missing")

static void swap_rows(struct world *at)
{
    (void)at;
    make_chain();
    lab_sql(SET("seq = -4", "seq = 4"));
    lab_sql(SET("seq = 4", "seq = 7"));
    lab_sql(SET("seq = 7", "seq = -4"));
    check_text(lab_verify(), CHANGED);
}
IN_FIBER(sees_two_swapped, swap_rows)

/* The rest moved up by one to make room. */
static void insert_row(struct world *at)
{
    (void)at;
    make_chain();
    lab_sql(SET("seq = -seq - 1", "seq >= 4"));
    lab_sql(SET("seq = -seq", "seq < 0"));
    lab_sql("INSERT INTO bookplate_audit (id, created_at, event, seq, hash) "
            "SELECT 'x', created_at, event, 4, hash FROM bookplate_audit "
            "WHERE seq = 5");
    lab_sql("UPDATE bookplate_audit_head SET seq = 11");
    check_text(lab_verify(), CHANGED);
}
IN_FIBER(sees_one_put_in_between, insert_row)

/* The rest moved down over a row that was taken out. */
static void close_gap(struct world *at)
{
    (void)at;
    make_chain();
    lab_sql("DELETE FROM bookplate_audit WHERE seq = 4");
    lab_sql(SET("seq = -seq + 1", "seq > 4"));
    lab_sql(SET("seq = -seq", "seq < 0"));
    lab_sql("UPDATE bookplate_audit_head SET seq = 9");
    check_text(lab_verify(), CHANGED);
}
IN_FIBER(sees_a_gap_that_was_closed, close_gap)

static struct audit_anchor anchor_at(int64_t seq)
{
    struct audit_anchor anchor = {.seq = seq};
    struct slice sql;

    check_ok(arena_format(&world.arena, &sql,
                          "SELECT hash FROM bookplate_audit WHERE seq = %d%c",
                          (int)seq, '\0'));
    anchor.hash = lab_text(sql.ptr);
    return anchor;
}

/* Somebody who does all the sums anew fools all but those who kept one. */
static void write_anew(struct world *at)
{
    struct audit_anchor kept[3];

    (void)at;
    make_chain();
    for (int i = 0; i < 3; i++) {
        kept[i] = anchor_at(2 + 4 * i);
    }
    check_text(lab_verify_with(kept, 3), "");
    lab_sql(SET("detail = 'link'", "seq = 4"));
    lab_sql(SET("seq = NULL, hash = NULL", "seq >= 4"));
    lab_sql("UPDATE bookplate_audit_head SET seq = 3, hash = "
            "(SELECT hash FROM bookplate_audit WHERE seq = 3)");
    check_ok(audit_chain_run(chain));
    check_text(lab_verify(), "");
    check_text(lab_verify_with(kept, 1), "");
    check_text(lab_verify_with(kept, 3),
               "row 6 has another hash than the one given: it or rows before "
               "it were written anew");
}
IN_FIBER(sees_by_an_anchor_what_was_written_anew, write_anew)

static void cut_and_hide(struct world *at)
{
    struct audit_anchor kept;

    (void)at;
    make_chain();
    kept = anchor_at(9);
    lab_sql("DELETE FROM bookplate_audit WHERE seq > 7");
    lab_sql("UPDATE bookplate_audit_head SET seq = 7, hash = "
            "(SELECT hash FROM bookplate_audit WHERE seq = 7)");
    check_text(lab_verify(), "");
    check_text(lab_verify_with(&kept, 1),
               "row 9, whose hash was given, is missing: the chain was cut "
               "off");
}
IN_FIBER(sees_by_an_anchor_what_was_cut_off, cut_and_hide)

static void reads_anchors(void **state)
{
    static const char *const wrong[] = {"",     "7",    "7:",   ":00",
                                        "0:00", "x:00", "7:00", "-7:00"};
    struct audit_anchor anchor;

    (void)state;
    check_ok(audit_anchor_read(
        SLICE("17:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f0"
              "0A08"),
        &anchor));
    assert_int_equal(anchor.seq, 17);
    assert_int_equal(anchor.hash.len, 64);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        check_status(audit_anchor_read(slice_from_cstr(wrong[i]), &anchor),
                     STATUS_INVALID_VALUE);
    }
    check_status(
        audit_anchor_read(SLICE("17:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b"
                                "0b822cd15d6c15b0f00g08"),
                          &anchor),
        STATUS_INVALID_VALUE);
}

static void count_rows(struct world *at)
{
    const struct audit_check check = {.store = at->store};
    struct audit_finding finding_of_none;
    struct audit_finding found;

    check_ok(audit_verify(&check, &world.arena, &finding_of_none));
    assert_int_equal(finding_of_none.rows, 0);
    check_text(finding_of_none.hash, "");
    make_chain();
    lab_notes(2);
    check_ok(audit_verify(&check, &world.arena, &found));
    check_text(found.problem, "");
    assert_int_equal(found.rows, 10);
    assert_int_equal(found.waiting, 2);
    check_slice(found.hash, anchor_at(10).hash);
}
IN_FIBER(counts_rows_and_those_that_wait, count_rows)

static void fail_each(struct world *at)
{
    const struct audit_check check = {.store = at->store};
    struct audit_finding found;
    int64_t n = 1;

    make_chain();
    for (;; n++) {
        enum status status;

        store_test_fail(at->store, n);
        status = audit_verify(&check, &world.arena, &found);
        store_test_fail(at->store, 0);
        if (status == STATUS_OK) {
            break;
        }
        check_status(status, STATUS_UNAVAILABLE);
    }
    assert_true(n > 4);
    check_text(found.problem, "");
}
IN_FIBER(never_calls_a_failure_a_broken_chain, fail_each)

RUN_TESTS(WITH_LAB(sees_another_detail), WITH_LAB(sees_another_event),
          WITH_LAB(sees_another_actor), WITH_LAB(sees_another_subject),
          WITH_LAB(sees_another_network), WITH_LAB(sees_another_time),
          WITH_LAB(sees_another_id), WITH_LAB(sees_another_hash),
          WITH_LAB(sees_no_hash), WITH_LAB(sees_text_moved),
          WITH_LAB(sees_a_number_taken), WITH_LAB(sees_a_row_gone),
          WITH_LAB(sees_rows_gone), WITH_LAB(sees_the_first_gone),
          WITH_LAB(sees_the_last_gone), WITH_LAB(sees_all_gone),
          WITH_LAB(sees_a_row_put_before), WITH_LAB(sees_a_row_put_behind),
          WITH_LAB(sees_a_row_far_behind), WITH_LAB(sees_a_head_behind),
          WITH_LAB(sees_a_head_before), WITH_LAB(sees_another_head),
          WITH_LAB(sees_no_head), WITH_LAB(sees_two_swapped),
          WITH_LAB(sees_one_put_in_between),
          WITH_LAB(sees_a_gap_that_was_closed),
          WITH_LAB(sees_by_an_anchor_what_was_written_anew),
          WITH_LAB(sees_by_an_anchor_what_was_cut_off),
          cmocka_unit_test(reads_anchors),
          WITH_LAB(counts_rows_and_those_that_wait),
          WITH_LAB(never_calls_a_failure_a_broken_chain))
