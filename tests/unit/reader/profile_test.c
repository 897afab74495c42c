/* SPDX-License-Identifier: Apache-2.0 */
/* A reader's answers: none is lost, none is written by half, none is legible */
#include "reader_lab.h"

#include "reader/profile.h"

#define NO_ANSWERS SLICE_EMPTY

static struct profile profile;

static enum status change_as(const struct auth_call *call, struct slice answers,
                             struct slice remove, struct slice merge)
{
    const struct profile_change change = {
        .answers = answers.len == 0 ? NULL : reader_json(answers),
        .remove = remove.len == 0 ? NULL : reader_json(remove),
        .merge = merge};

    return profile_change(&reader, call, SLICE("ann"), &change, &profile);
}

static enum status change(struct slice answers)
{
    struct auth_call call = people_call();

    return change_as(&call, answers, SLICE_EMPTY, SLICE_EMPTY);
}

static enum status take_out(struct slice questions)
{
    struct auth_call call = people_call();

    return change_as(&call, NO_ANSWERS, questions, SLICE_EMPTY);
}

static enum status hand_over(struct slice answers, struct slice browser)
{
    struct auth_call call = people_call();

    return change_as(&call, answers, SLICE_EMPTY, browser);
}

/* What the next request would see. */
static void check_stored(int64_t version, struct slice json)
{
    struct auth_call call = people_call();
    struct profile stored;

    check_ok(profile_read(&reader, &call, SLICE("ann"), &stored));
    check_slice(stored.json, json);
    assert_int_equal(stored.version, version);
    assert_int_equal(json_kind_of(stored.answers), JSON_KIND_OBJECT);
}

static void check_both(int64_t version, struct slice json)
{
    check_slice(profile.json, json);
    assert_int_equal(profile.version, version);
    check_stored(version, json);
}

static size_t count_history(void)
{
    return people_count("SELECT id FROM bookplate_profile_history");
}

/* "event detail actor;" of all rows. */
static void check_audit(const char *expected)
{
    char text[1024] = "";

    check_ok(world_select(&world, "SELECT event, detail, actor "
                                  "FROM bookplate_audit ORDER BY created_at, "
                                  "event DESC"));
    for (size_t i = 0; i < world.rows[0].count; i++) {
        const struct value *row = &world.rows[0].values[i * 3];
        size_t len = strlen(text);

        snprintf(text + len, sizeof(text) - len, "%.*s|%.*s|%.*s;",
                 SLICE_ARG(row[0].text), SLICE_ARG(row[1].text),
                 SLICE_ARG(row[2].text));
    }
    assert_string_equal(text, expected);
}

static void answer_in_steps(struct world *in)
{
    struct slice before;

    (void)in;
    people_add("ann", true);
    check_stored(0, SLICE("{}"));
    check_ok(change(SLICE("{\"years\":3.5,\"software\":\"basic\"}")));
    check_both(1, SLICE("{\"software\":\"basic\",\"years\":3.5}"));
    assert_int_equal(profile.created_at, NOW);
    people_now += 5;
    check_ok(change(SLICE("{\"goal\":\"\u00fcber\"}")));
    check_both(
        2,
        SLICE("{\"software\":\"basic\",\"goal\":\"\u00fcber\",\"years\":3.5}"));
    assert_int_equal(profile.created_at, NOW);
    assert_int_equal(profile.updated_at, NOW + 5);
    before = world_dump(&world);
    check_ok(change(SLICE("{\"software\":\"basic\"}")));
    check_ok(change(SLICE("{}")));
    check_ok(take_out(SLICE("[\"hardware\",\"nothing\"]")));
    check_slice(world_dump(&world), before);
    assert_int_equal(profile.version, 2);
    check_ok(take_out(SLICE("[\"years\"]")));
    check_both(3, SLICE("{\"software\":\"basic\",\"goal\":\"\u00fcber\"}"));
    check_audit("profile-change|software, years|;profile-change|goal|;"
                "profile-change|years|;");
}
IN_FIBER(merges_what_is_answered_step_by_step, answer_in_steps)

/* 1e20 prints as an integer in JavaScript, and that one no reader takes. */
static void keep_values(struct world *in)
{
    static const char *const kept[] = {
        "{\"years\":0}",
        "{\"years\":1e+20}",
        "{\"years\":0.1}",
        "{\"years\":-1.7976931348623157e+308}",
        "{\"goal\":\"\"}",
        "{\"goal\":\"' OR 1=1; -- <script>\"}",
        "{\"software\":[\"none\",\"basic\"]}",
    };
    int64_t version = 0;

    (void)in;
    people_add("ann", true);
    for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
        check_ok(change(slice_from_cstr(kept[i])));
        check_both(++version, slice_from_cstr(kept[i]));
        check_ok(take_out(SLICE("[\"years\",\"goal\",\"software\"]")));
        version++;
    }
    check_ok(change(SLICE("{\"years\":2}")));
    version = profile.version;
    check_ok(change(SLICE("{\"years\":2.0}")));
    assert_int_equal(profile.version, version);
}
IN_FIBER(keeps_values_as_they_are, keep_values)

static void ask_anew(struct world *in)
{
    (void)in;
    people_add("ann", true);
    check_ok(change(SLICE("{\"software\":\"basic\",\"hardware\":\"none\","
                          "\"goal\":\"g\",\"years\":1}")));
    lab_questions[0] = lab_question(SLICE("languages"), QUESTION_SINGLE);
    lab_questions[2] = lab_question(SLICE("years"), QUESTION_NUMBER);
    lab_questionnaire.count = 3;
    check_ok(change(SLICE("{\"languages\":\"basic\"}")));
    check_both(2, SLICE("{\"languages\":\"basic\",\"hardware\":\"none\","
                        "\"years\":1,\"software\":\"basic\",\"goal\":\"g\"}"));
    check_ok(take_out(SLICE("[\"goal\"]")));
    reader_ask();
    check_ok(change(SLICE("{\"goal\":\"h\"}")));
    check_both(4, SLICE("{\"software\":\"basic\",\"hardware\":\"none\","
                        "\"goal\":\"h\",\"years\":1,\"languages\":\"basic\"}"));
}
IN_FIBER(keeps_answers_to_what_is_asked_no_more, ask_anew)

static void expect_version(struct world *in)
{
    struct auth_call call = people_call();
    struct profile_change expecting = {
        .answers = reader_json(SLICE("{\"goal\":\"a\"}")), .expects = true};
    struct slice before;

    (void)in;
    people_add("ann", true);
    expecting.version = 1;
    check_status(
        profile_change(&reader, &call, SLICE("ann"), &expecting, &profile),
        STATUS_PRECONDITION_FAILED);
    check_stored(0, SLICE("{}"));
    expecting.version = 0;
    check_ok(
        profile_change(&reader, &call, SLICE("ann"), &expecting, &profile));
    check_both(1, SLICE("{\"goal\":\"a\"}"));
    before = world_dump(&world);
    expecting.answers = reader_json(SLICE("{\"goal\":\"b\"}"));
    check_status(
        profile_change(&reader, &call, SLICE("ann"), &expecting, &profile),
        STATUS_PRECONDITION_FAILED);
    check_both(1, SLICE("{\"goal\":\"a\"}")); /* and says how it is */
    check_slice(world_dump(&world), before);
}
IN_FIBER(refuses_an_older_version, expect_version)

static void ask_consent(struct world *in)
{
    struct auth_call call = people_call();
    struct profile_change given = {.answers =
                                       reader_json(SLICE("{\"goal\":\"a\"}")),
                                   .consent = SLICE("c1")};

    (void)in;
    people_add("ann", true);
    lab_questionnaire.consent_version = SLICE("c1");
    lab_questionnaire.consent_required = true;
    check_status(change(SLICE("{\"goal\":\"a\"}")), STATUS_CONSENT_REQUIRED);
    check_stored(0, SLICE("{}"));
    check_ok(profile_change(&reader, &call, SLICE("ann"), &given, &profile));
    check_both(1, SLICE("{\"goal\":\"a\"}"));
    check_text(profile.consent_version, "c1");
    assert_int_equal(profile.consent_at, NOW);
    check_audit("profile-change|goal|;consent|c1|;");
    people_now += 5;
    check_ok(profile_change(&reader, &call, SLICE("ann"), &given, &profile));
    assert_int_equal(profile.version, 1);
    check_ok(change(SLICE("{\"goal\":\"b\"}"))); /* it was given */
    lab_questionnaire.consent_version = SLICE("c2");
    check_status(change(SLICE("{\"goal\":\"c\"}")), STATUS_CONSENT_REQUIRED);
    check_ok(take_out(SLICE("[\"goal\"]"))); /* needs nobody's leave */
    given = (struct profile_change){.consent = SLICE("c2")};
    call.now = people_now;
    check_ok(profile_change(&reader, &call, SLICE("ann"), &given, &profile));
    check_both(4, SLICE("{}"));
    check_text(profile.consent_version, "c2");
    assert_int_equal(profile.consent_at, NOW + 5);
    assert_int_equal(count_history(), 3);
}
IN_FIBER(asks_for_consent_and_notes_it, ask_consent)

static void merge_once(struct world *in)
{
    (void)in;
    people_add("ann", true);
    check_ok(change(SLICE("{\"software\":\"basic\",\"goal\":\"mine\"}")));
    check_ok(hand_over(SLICE("{\"software\":\"none\",\"years\":2}"),
                       SLICE("browser-1")));
    check_both(2, SLICE("{\"software\":\"basic\",\"goal\":\"mine\","
                        "\"years\":2}"));
    check_ok(hand_over(SLICE("{\"hardware\":\"none\"}"), SLICE("browser-1")));
    assert_int_equal(profile.version, 2);
    check_ok(take_out(SLICE("[\"years\"]")));
    check_ok(hand_over(SLICE("{\"years\":2}"), SLICE("browser-1")));
    check_both(3, SLICE("{\"software\":\"basic\",\"goal\":\"mine\"}"));
    /* Nothing in it is new; still it is taken over only once. */
    check_ok(hand_over(SLICE("{\"goal\":\"other\"}"), SLICE("browser-2")));
    check_ok(take_out(SLICE("[\"goal\"]")));
    check_ok(hand_over(SLICE("{\"goal\":\"other\"}"), SLICE("browser-2")));
    check_both(5, SLICE("{\"software\":\"basic\"}"));
    assert_int_equal(count_history(), 4);
    check_text(profile.merges, "[\"browser-1\",\"browser-2\"]");
}
IN_FIBER(takes_a_guests_answers_over_once, merge_once)

static void merge_many(struct world *in)
{
    struct slice name = SLICE_EMPTY;

    (void)in;
    people_add("ann", true);
    for (int i = 0; i < 20; i++) {
        check_ok(arena_format(&world.arena, &name, "b\"%d", i));
        check_ok(hand_over(SLICE("{\"goal\":\"g\"}"), name));
    }
    assert_int_equal(json_count(reader_json(profile.merges)), 16);
    assert_true(slice_starts_with(profile.merges, SLICE("[\"b\\\"4\",")));
    check_stored(20, SLICE("{\"goal\":\"g\"}"));
    assert_int_equal(count_history(), 1);
}
IN_FIBER(remembers_the_last_browsers, merge_many)

/* A choice that was taken out: its question is open again. */
static void merge_over_stale(struct world *in)
{
    (void)in;
    people_add("ann", true);
    check_ok(change(SLICE("{\"software\":\"wizard\"}")));
    check_ok(hand_over(SLICE("{\"software\":\"none\"}"), SLICE("b")));
    check_both(2, SLICE("{\"software\":\"none\"}"));
}
IN_FIBER(takes_a_guests_answer_where_one_fits_no_more, merge_over_stale)

static void keep_history(struct world *in)
{
    struct auth_call call = people_call();
    struct slice json = SLICE_EMPTY;

    (void)in;
    people_add("ann", true);
    check_ok(change(SLICE("{\"goal\":\"a\"}")));
    people_now += 1000;
    call = people_call();
    call.actor = SLICE("bob");
    check_ok(change_as(&call, SLICE("{\"goal\":\"b\",\"years\":1}"),
                       SLICE_EMPTY, SLICE_EMPTY));
    call.actor = SLICE("command");
    check_ok(change_as(&call, NO_ANSWERS, SLICE("[\"goal\"]"), SLICE_EMPTY));
    check_ok(profile_history(&reader, &call, SLICE("ann"), &json));
    check_text(json,
               "[{\"version\":3,\"at\":\"2026-11-21T08:05:29.000Z\","
               "\"actor\":\"command\",\"changes\":{\"goal\":[\"b\",null]}},"
               "{\"version\":2,\"at\":\"2026-11-21T08:05:29.000Z\","
               "\"actor\":\"admin\",\"changes\":{\"goal\":[\"a\",\"b\"],"
               "\"years\":[null,1]}},"
               "{\"version\":1,\"at\":\"2026-11-21T08:05:28.000Z\","
               "\"actor\":\"self\",\"changes\":{\"goal\":[null,\"a\"]}}]");
    check_audit("profile-change|goal|;profile-change|goal|command;"
                "admin|profile|bob;");
    check_ok(profile_history(&reader, &call, SLICE("bob"), &json));
    check_text(json, "[]");
}
IN_FIBER(tells_who_changed_what, keep_history)

static void trim_history(struct world *in)
{
    struct auth_call call = people_call();
    struct slice answers = SLICE_EMPTY;
    struct slice json = SLICE_EMPTY;

    (void)in;
    people_add("ann", true);
    for (int i = 0; i < 205; i++) {
        check_ok(arena_format(&world.arena, &answers, "{\"years\":%d}", i));
        check_ok(change(answers));
    }
    assert_int_equal(count_history(), 200);
    check_ok(profile_history(&reader, &call, SLICE("ann"), &json));
    assert_int_equal(json_count(reader_json(json)), 50);
    assert_true(slice_starts_with(json, SLICE("[{\"version\":205,")));
}
IN_FIBER(keeps_the_last_changes, trim_history)

static void limit_size(struct world *in)
{
    static char text[PROFILE_ANSWERS_MAX + 16];
    struct slice answers = SLICE_EMPTY;

    (void)in;
    memset(text, 'a', sizeof(text));
    people_add("ann", true);
    check_ok(arena_format(&world.arena, &answers, "{\"goal\":\"%.*s\"}",
                          (int)PROFILE_ANSWERS_MAX - 11, text));
    check_ok(change(answers));
    check_both(1, answers);
    check_status(change(SLICE("{\"years\":1}")), STATUS_TOO_LARGE);
    check_stored(1, answers);
}
IN_FIBER(limits_answers_together, limit_size)

static void look_for_text(struct world *in)
{
    struct auth_call call = people_call();

    people_add("ann", true);
    check_ok(change(SLICE("{\"goal\":\"xylophone\"}")));
    assert_false(slice_contains(world_dump(in), SLICE("xylophone")));
    people_add("bob", true);
    people_sql("UPDATE bookplate_profile SET id = 'another'");
    check_status(profile_read(&reader, &call, SLICE("ann"), &profile),
                 STATUS_UNREADABLE);
    check_status(change(SLICE("{\"goal\":\"b\"}")), STATUS_UNREADABLE);
    people_sql("DELETE FROM bookplate_profile");
    check_ok(change(SLICE("{\"goal\":\"b\"}")));
    people_sql("UPDATE bookplate_profile SET answers = substr(answers, 1, 30) "
               "|| 'AAAA' || substr(answers, 35)");
    check_status(profile_read(&reader, &call, SLICE("ann"), &profile),
                 STATUS_UNREADABLE);
    people_sql("UPDATE bookplate_profile SET answers = ''");
    check_status(profile_read(&reader, &call, SLICE("ann"), &profile),
                 STATUS_UNREADABLE);
}
IN_FIBER(seals_answers_where_they_stand, look_for_text)

static void move_history(struct world *in)
{
    struct auth_call call = people_call();
    struct slice json = SLICE_EMPTY;

    people_add("ann", true);
    check_ok(change(SLICE("{\"goal\":\"xylophone\"}")));
    check_ok(profile_history(&reader, &call, SLICE("ann"), &json));
    assert_true(slice_contains(json, SLICE("xylophone")));
    assert_false(slice_contains(world_dump(in), SLICE("xylophone")));
    people_sql("UPDATE bookplate_profile_history SET changes = "
               "(SELECT answers FROM bookplate_profile)");
    check_status(profile_history(&reader, &call, SLICE("ann"), &json),
                 STATUS_UNREADABLE);
}
IN_FIBER(seals_its_history_too, move_history)

static void change_nobody(struct world *in)
{
    struct slice before;

    before = world_dump(in);
    check_status(change(SLICE("{\"goal\":\"a\"}")), STATUS_NOT_FOUND);
    check_slice(world_dump(in), before);
    people_add("ann", true);
    check_ok(change(SLICE("{\"goal\":\"a\"}")));
    people_sql("DELETE FROM {user}");
    before = world_dump(in);
    check_status(change(SLICE("{\"goal\":\"b\"}")), STATUS_NOT_FOUND);
    check_slice(world_dump(in), before);
}
IN_FIBER(writes_nothing_for_who_has_gone, change_nobody)

static enum status change_all(const struct auth_call *call)
{
    const struct profile_change all = {
        .answers = reader_json(SLICE("{\"goal\":\"b\"}")),
        .merge = SLICE("b1"),
        .consent = SLICE("c1")};

    return profile_change(&reader, call, SLICE("ann"), &all, &profile);
}

static enum status change_more(const struct auth_call *call)
{
    return change_as(call, SLICE("{\"goal\":\"c\"}"), SLICE_EMPTY, SLICE_EMPTY);
}

static void fail_each(struct world *in)
{
    (void)in;
    people_add("ann", true);
    /* The look, the lock, profile, history, two notes. */
    assert_true(people_torture(change_all) >= 6);
    assert_true(people_torture(change_more) >= 5);
    check_both(2, SLICE("{\"goal\":\"c\"}"));
}
IN_FIBER(is_all_or_nothing, fail_each)

/* Several at once. */

#define CROWD 12

struct member {
    int number;
    enum status status;
};

static struct member crowd[CROWD];
static size_t crowd_left;
static void (*crowd_then)(void);

static void wait_for_crowd(struct world *in)
{
    (void)in;
    while (crowd_left > 0) {
        check_status(fiber_park(1), STATUS_TIMEOUT);
    }
    crowd_then();
}

static void add_ann(struct world *in)
{
    (void)in;
    people_add("ann", true);
    check_ok(change(SLICE("{\"software\":\"none\"}")));
}

static void send_crowd(void (*come)(void *), void (*then)(void))
{
    crowd_left = CROWD;
    crowd_then = then;
    world_run(&world, add_ann);
    for (int i = 0; i < CROWD; i++) {
        crowd[i].number = i;
        check_ok(fiber_start(world.loop, come, &crowd[i]));
    }
    world_run(&world, wait_for_crowd);
}

static void change_one(struct member *member, struct profile_change *wish)
{
    struct auth_call call = people_call();
    struct profile seen;

    member->status = profile_change(&reader, &call, SLICE("ann"), wish, &seen);
    crowd_left--;
}

static void answer_own(void *arg)
{
    struct member *member = arg;
    struct profile_change wish = {0};
    struct slice text = SLICE_EMPTY;

    check_ok(arena_format(&world.arena, &text, "{\"q%d\":%d}", member->number,
                          member->number));
    wish.answers = reader_json(text);
    change_one(member, &wish);
}

static void check_all_there(void)
{
    struct auth_call call = people_call();
    struct profile seen;

    check_ok(profile_read(&reader, &call, SLICE("ann"), &seen));
    assert_int_equal(seen.version, 1 + CROWD);
    assert_int_equal(json_count(seen.answers), 1 + CROWD);
    assert_int_equal(count_history(), 1 + CROWD);
    for (int i = 0; i < CROWD; i++) {
        check_ok(crowd[i].status);
    }
}

static void loses_none_of_many_changes(void **state)
{
    static struct question questions[CROWD + 1];
    static char ids[CROWD][8];

    (void)state;
    for (int i = 0; i < CROWD; i++) {
        snprintf(ids[i], sizeof(ids[i]), "q%d", i);
        questions[i] = lab_question(slice_from_cstr(ids[i]), QUESTION_NUMBER);
    }
    questions[CROWD] = lab_question(SLICE("software"), QUESTION_SINGLE);
    lab_questionnaire.questions = questions;
    lab_questionnaire.count = CROWD + 1;
    send_crowd(answer_own, check_all_there);
}

static void hand_same_over(void *arg)
{
    struct profile_change wish = {.answers =
                                      reader_json(SLICE("{\"goal\":\"g\"}")),
                                  .merge = SLICE("browser")};

    change_one(arg, &wish);
}

static void check_merged_once(void)
{
    check_stored(2, SLICE("{\"software\":\"none\",\"goal\":\"g\"}"));
    assert_int_equal(count_history(), 2);
    for (int i = 0; i < CROWD; i++) {
        check_ok(crowd[i].status);
    }
}

static void takes_the_same_over_once(void **state)
{
    (void)state;
    send_crowd(hand_same_over, check_merged_once);
}

static void expect_first(void *arg)
{
    struct member *member = arg;
    struct profile_change wish = {.expects = true, .version = 1};
    struct slice text = SLICE_EMPTY;

    check_ok(
        arena_format(&world.arena, &text, "{\"years\":%d}", member->number));
    wish.answers = reader_json(text);
    change_one(member, &wish);
}

static void check_one_won(void)
{
    struct slice expected = SLICE_EMPTY;
    size_t won = 0;

    for (int i = 0; i < CROWD; i++) {
        if (crowd[i].status != STATUS_OK) {
            check_status(crowd[i].status, STATUS_PRECONDITION_FAILED);
            continue;
        }
        won++;
        check_ok(arena_format(&world.arena, &expected,
                              "{\"software\":\"none\",\"years\":%d}", i));
    }
    assert_int_equal(won, 1);
    check_stored(2, expected);
}

static void one_of_many_wins_the_version(void **state)
{
    (void)state;
    send_crowd(expect_first, check_one_won);
}

/* With a new account. */

static const struct column_changes no_fields;

static enum status sign_up_with(const struct auth_call *call,
                                const struct profile_change *wish)
{
    struct profile_sign_up adding;
    struct sign_up in = {.name = SLICE("Eve"),
                         .email = SLICE("eve@example.com"),
                         .password = PASSWORD,
                         .image = {NULL, 0},
                         .fields = &no_fields,
                         .more = &adding.more};
    struct signed_up out;

    TRY(profile_sign_up_init(&adding, &reader, call, wish, &profile));
    return sign_up(call, &in, &out);
}

static enum status sign_up_eve(const struct auth_call *call)
{
    const struct profile_change wish = {
        .answers = reader_json(SLICE("{\"years\":1,\"goal\":\"g\"}")),
        .merge = SLICE("b1"),
        .consent = SLICE("c1")};

    return sign_up_with(call, &wish);
}

static void sign_up_whole(struct world *in)
{
    struct auth_call call = people_call();
    struct slice id;

    (void)in;
    /* The look, user, account, session, profile, history, three notes. */
    assert_true(people_torture(sign_up_eve) >= 9);
    check_slice(profile.json, SLICE("{\"goal\":\"g\",\"years\":1}"));
    assert_int_equal(profile.version, 1);
    check_ok(world_select(&world, "SELECT {user.id} FROM {user}"));
    id = world.rows[0].values[0].text;
    profile = (struct profile){0};
    check_ok(profile_read(&reader, &call, id, &profile));
    check_slice(profile.json, SLICE("{\"goal\":\"g\",\"years\":1}"));
    check_text(profile.merges, "[\"b1\"]");
    check_text(profile.consent_version, "c1");
    assert_int_equal(people_count("SELECT id FROM bookplate_audit WHERE "
                                  "subject = (SELECT {user.id} FROM {user})"),
                     3);
    assert_int_equal(count_history(), 1);
}
IN_FIBER(comes_with_a_new_account, sign_up_whole)

static void sign_up_bare(struct world *in)
{
    const struct profile_change nothing = {0};
    struct auth_call call = people_call();

    (void)in;
    lab_questionnaire.consent_version = SLICE("c1");
    lab_questionnaire.consent_required = true;
    check_ok(sign_up_with(&call, &nothing));
    check_text(profile.json, "{}");
    assert_int_equal(profile.version, 0);
    assert_int_equal(people_count("SELECT id FROM bookplate_profile"), 0);
}
IN_FIBER(leaves_an_account_without_answers_alone, sign_up_bare)

static void sign_up_without_consent(struct world *in)
{
    const struct profile_change wish = {
        .answers = reader_json(SLICE("{\"years\":1}"))};
    struct auth_call call = people_call();
    struct slice before = world_dump(in);

    lab_questionnaire.consent_version = SLICE("c1");
    lab_questionnaire.consent_required = true;
    check_status(sign_up_with(&call, &wish), STATUS_CONSENT_REQUIRED);
    check_slice(world_dump(in), before);
}
IN_FIBER(opens_no_account_without_its_consent, sign_up_without_consent)

/* In tokens. */

static void claim(struct world *in)
{
    static char text[2100];
    struct slice answers = SLICE_EMPTY;
    struct slice why = SLICE_EMPTY;
    struct slice claims;

    (void)in;
    memset(text, 'a', sizeof(text));
    people_add("ann", true);
    check_ok(change(SLICE("{\"software\":\"basic\",\"hardware\":\"wizard\","
                          "\"goal\":\"g\"}")));
    check_ok(profile_claims_name(&reader, SLICE(" "), &world.kept, &why));
    check_ok(profile_claims(&reader, &profile, &world.arena, &claims));
    assert_int_equal(claims.len, 0);
    check_ok(profile_claims_name(&reader, SLICE("years, software,hardware"),
                                 &world.kept, &why));
    check_ok(profile_claims(&reader, &profile, &world.arena, &claims));
    check_text(claims, "{\"software\":\"basic\"}");
    check_ok(
        profile_claims_name(&reader, SLICE("goal,years"), &world.kept, &why));
    check_ok(arena_format(&world.arena, &answers,
                          "{\"years\":2,\"goal\":\"%.*s\"}", 2048, text));
    lab_questions[2].max = 4096;
    check_ok(change(answers));
    check_ok(profile_claims(&reader, &profile, &world.arena, &claims));
    check_text(claims, "{\"years\":2}");
}
IN_FIBER(names_answers_for_tokens, claim)

static void refuses_questions_nobody_asks(void **state)
{
    static const char *const wrong[] = {"software,", ",", "software,nothing",
                                        "software,years,software", "{}"};
    struct slice why = SLICE_EMPTY;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        check_status(profile_claims_name(&reader, slice_from_cstr(wrong[i]),
                                         &world.kept, &why),
                     STATUS_INVALID_VALUE);
        assert_true(slice_starts_with(why, SLICE("JWT_ANSWERS: ")));
    }
}

RUN_TESTS(WITH_READERS(merges_what_is_answered_step_by_step),
          WITH_READERS(keeps_values_as_they_are),
          WITH_READERS(keeps_answers_to_what_is_asked_no_more),
          WITH_READERS(refuses_an_older_version),
          WITH_READERS(asks_for_consent_and_notes_it),
          WITH_READERS(takes_a_guests_answers_over_once),
          WITH_READERS(remembers_the_last_browsers),
          WITH_READERS(takes_a_guests_answer_where_one_fits_no_more),
          WITH_READERS(tells_who_changed_what),
          WITH_READERS(keeps_the_last_changes),
          WITH_READERS(limits_answers_together),
          WITH_READERS(seals_answers_where_they_stand),
          WITH_READERS(seals_its_history_too),
          WITH_READERS(writes_nothing_for_who_has_gone),
          WITH_READERS(is_all_or_nothing),
          WITH_READERS(loses_none_of_many_changes),
          WITH_READERS(takes_the_same_over_once),
          WITH_READERS(one_of_many_wins_the_version),
          WITH_READERS(comes_with_a_new_account),
          WITH_READERS(leaves_an_account_without_answers_alone),
          WITH_READERS(names_answers_for_tokens),
          WITH_READERS(refuses_questions_nobody_asks),
          WITH_READERS(opens_no_account_without_its_consent))
