/* SPDX-License-Identifier: Apache-2.0 */
/* Mails as rows: what is in them, and that they leave. */
#include "people_lab.h"

#include "base/clock.h"

#include <dirent.h>

#define LINK SLICE("https://book.example.org/api/auth/verify-email?token=t&x=y")

static struct post_letter letter_of(enum mail_kind kind)
{
    return (struct post_letter){.kind = kind,
                                .to = SLICE("ann@example.com"),
                                .name = SLICE("Ann"),
                                .url = LINK,
                                .new_email = SLICE("new@example.com")};
}

static enum status send_one(const struct auth_call *call)
{
    const struct post_letter letter = letter_of(MAIL_VERIFY_EMAIL);

    return post_send(call, &letter);
}

static bool has_line(struct slice mail, const char *start)
{
    struct slice line;

    while (slice_split(&mail, '\n', &line)) {
        if (slice_starts_with(line, slice_from_cstr(start))) {
            return true;
        }
    }
    return false;
}

static void look_at_row(struct world *in)
{
    struct auth_call call = people_call();
    const struct value *row;

    check_ok(send_one(&call));
    check_ok(world_select(in, "SELECT kind, recipient, sender, attempts, "
                              "next_at, lease_until, created_at, message "
                              "FROM bookplate_outbox"));
    assert_int_equal(in->rows[0].count, 1);
    row = in->rows[0].values;
    check_slice(row[0].text, mail_kind_name(MAIL_VERIFY_EMAIL));
    check_text(row[1].text, "ann@example.com");
    check_text(row[2].text, "bookplate@book.example.org");
    assert_int_equal(row[3].number, 0);
    assert_int_equal(row[4].number, NOW);
    assert_int_equal(row[5].number, 0);
    assert_int_equal(row[6].number, NOW);
    assert_true(has_line(row[7].text, "To: "));
}
IN_FIBER(queues_a_row, look_at_row)

static void send_every_kind(struct world *in)
{
    struct auth_call call = people_call();

    (void)in;
    for (size_t kind = 0; kind < MAIL_KINDS; kind++) {
        const struct post_letter letter = letter_of((enum mail_kind)kind);

        check_ok(post_send(&call, &letter));
        (void)people_mail(kind + 1);
    }
}
IN_FIBER(knows_every_kind, send_every_kind)

static const char *const bad_names[] = {
    "Ann\r\nBcc: eve@example.com", "Ann\nBcc: eve@example.com",
    "Ann\rBcc: eve@example.com",   "\"Ann\" <eve@example.com>, ",
    "<script>alert(1)</script>",   "\xff\xfe",
};

/* A name is anybody's to choose. */
static void name_badly(struct world *in)
{
    struct auth_call call = people_call();

    for (size_t i = 0; i < sizeof(bad_names) / sizeof(*bad_names); i++) {
        struct post_letter letter = letter_of(MAIL_VERIFY_EMAIL);
        struct slice mail;

        world_empty(in);
        letter.name = slice_from_cstr(bad_names[i]);
        if (post_send(&call, &letter) != STATUS_OK) {
            (void)people_mail(0);
            continue;
        }
        mail = people_mail(1);
        assert_true(has_line(mail, "To: "));
        assert_false(has_line(mail, "Bcc"));
        assert_false(has_line(mail, "<script"));
        assert_true(slice_find(mail, '\0') == mail.len);
    }
}
IN_FIBER(writes_no_header_a_name_asks_for, name_badly)

static void fail_each(struct world *in)
{
    (void)in;
    assert_true(people_torture(send_one) >= 1);
    (void)people_mail(1);
}
IN_FIBER(is_all_or_nothing, fail_each)

/* Until the outbox is empty; then its fiber may end. */
static void wait_until_sent(struct world *in)
{
    struct auth_call call = people_call();

    (void)in;
    check_ok(send_one(&call));
    check_ok(send_one(&call));
    while (people_count("SELECT id FROM bookplate_outbox") > 0) {
        check_status(fiber_park(5), STATUS_TIMEOUT);
    }
    post_stop(auth.post);
}

static size_t files_in_spool(void)
{
    char path[512];
    struct dirent *entry;
    size_t count = 0;
    DIR *spool;

    snprintf(path, sizeof(path), "%s/spool", folder);
    spool = opendir(path);
    assert_non_null(spool);
    while ((entry = readdir(spool)) != NULL) {
        count += entry->d_name[0] != '.' ? 1 : 0;
    }
    closedir(spool);
    return count;
}

static void sends_what_is_queued(void **state)
{
    (void)state;
    people_now = clock_wall_ms();
    check_ok(post_start(auth.post, world.loop));
    world_run(&world, wait_until_sent);
    assert_int_equal(files_in_spool(), 2);
}

static void refuses_settings_it_cannot_use(void **state)
{
    struct post_settings settings = {.store = world.store,
                                     .site = SLICE("book.example.org"),
                                     .from = SLICE("no address\r\nBcc: x"),
                                     .spool = SLICE("/dev/null/spool")};
    struct slice problem = SLICE_EMPTY;
    struct post *post = NULL;

    (void)state;
    assert_true(post_new(&settings, &world.kept, &problem, &post) != STATUS_OK);
    assert_true(slice_starts_with(problem, SLICE("MAIL_FROM")));
    settings.from = SLICE("Book <book@example.org>");
    assert_true(post_new(&settings, &world.kept, &problem, &post) != STATUS_OK);
    assert_true(slice_starts_with(problem, SLICE("MAIL_SPOOL")));
    post_free(NULL);
}

RUN_TESTS(WITH_PEOPLE(queues_a_row), WITH_PEOPLE(knows_every_kind),
          WITH_PEOPLE(writes_no_header_a_name_asks_for),
          WITH_PEOPLE(is_all_or_nothing), WITH_PEOPLE(sends_what_is_queued),
          WITH_PEOPLE(refuses_settings_it_cannot_use))
