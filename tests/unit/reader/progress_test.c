/* SPDX-License-Identifier: Apache-2.0 */
/* How far readers got: what may be said of a page, and whose word counts. */
#include "../auth/people_lab.h"

#include "reader/progress.h"

#define LIST_BYTES ((size_t)1 << 20)

static struct reader reader = {.auth = &auth};

static const struct json *parsed(struct slice text)
{
    const struct json_limits limits = {.bytes = LIST_BYTES, .values = 100000};
    const struct json *json = NULL;

    check_ok(json_parse(&world.arena, text, limits, &json));
    return json;
}

/* The first problem as "field: text", or nothing. */
static struct slice problem_of(struct slice text)
{
    struct problems problems;
    struct slice first = SLICE_EMPTY;

    problems_init(&problems, &world.arena);
    check_ok(progress_check(parsed(text), &problems));
    if (problems.count > 0) {
        check_ok(arena_format(&world.arena, &first, "%.*s",
                              SLICE_ARG(problems.items[0].field)));
    }
    return first;
}

static enum status put(struct slice user, struct slice text, struct slice *json)
{
    struct auth_call call = people_call();

    return progress_put(&reader, &call, user, parsed(text), json);
}

static struct slice put_ok(struct slice text)
{
    struct slice json = SLICE_EMPTY;

    check_ok(put(SLICE("ann"), text, &json));
    return json;
}

static struct slice list(struct slice user, int64_t since)
{
    struct auth_call call = people_call();
    struct slice json = SLICE_EMPTY;

    check_ok(progress_list(&reader, &call, user, since, &json));
    return json;
}

static void accepts(struct world *in)
{
    (void)in;
    check_text(problem_of(SLICE("{\"page\":\"/\",\"state\":\"read\"}")), "");
    check_text(problem_of(SLICE("[]")), "");
    check_text(
        problem_of(SLICE("[{\"page\":\"/docs/caf\u00e9 %20\",\"state\":"
                         "\"visited\",\"place\":\"#a\",\"seconds\":0,"
                         "\"at\":1},{\"page\":\"/x\",\"state\":\"unread\"}]")),
        "");
}
IN_FIBER(takes_what_devices_say, accepts)

#define ONE(rest) SLICE("[{\"page\":\"/a\",\"state\":\"read\"}," rest "]")

static void refuses(struct world *in)
{
    static const struct {
        struct slice list;
        const char *field;
    } cases[] = {
        {SLICE_INIT("1"), "progress"},
        {SLICE_INIT("\"/a\""), "progress"},
        {SLICE_INIT("{}"), "page"},
        {SLICE_INIT("{\"page\":\"/a\"}"), "state"},
        {SLICE_INIT("{\"page\":null,\"state\":\"read\"}"), "page"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"done\"}"), "state"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"READ\"}"), "state"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":[\"read\"]}"), "state"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"read\",\"user_id\":\"b\"}"),
         "user_id"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"read\",\"at\":-1}"), "at"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"read\",\"at\":1.5}"), "at"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"read\",\"at\":\"1\"}"), "at"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"read\",\"seconds\":-1}"),
         "seconds"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"read\","
                    "\"seconds\":100000001}"),
         "seconds"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"read\",\"place\":{}}"),
         "place"},
        {SLICE_INIT("{\"page\":\"/a\",\"state\":\"read\","
                    "\"place\":\"\\u001b[2J\"}"),
         "place"},
    };

    (void)in;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        check_slice(problem_of(cases[i].list), slice_from_cstr(cases[i].field));
    }
    check_text(problem_of(ONE("7")), "progress[1]");
    check_text(problem_of(ONE("{\"page\":\"/b\",\"state\":\"no\"}")),
               "progress[1].state");
}
IN_FIBER(names_what_is_wrong, refuses)

static void refuse_page(const char *page)
{
    struct slice text = SLICE_EMPTY;

    check_ok(arena_format(&world.arena, &text,
                          "{\"page\":\"%s\",\"state\":\"read\"}", page));
    check_text(problem_of(text), "page");
}

static void refuse_pages(struct world *in)
{
    char large[PROGRESS_PAGE_MAX + 2];

    (void)in;
    refuse_page("");
    refuse_page("docs");
    refuse_page("https://evil.example/");
    refuse_page("//evil.example/");
    refuse_page("/\\\\evil.example/");
    refuse_page("/a?b=c");
    refuse_page("/a#b");
    refuse_page("/a\\nb");
    refuse_page("/a\\u007f");
    refuse_page("/a\\u009b31m");
    memset(large, 'a', sizeof(large));
    large[0] = '/';
    large[sizeof(large) - 1] = '\0';
    refuse_page(large);
}
IN_FIBER(refuses_what_is_no_path, refuse_pages)

/* Pages /p0, /p1 ... as old as their numbers. */
static struct slice many(size_t count, size_t from)
{
    struct slice text = SLICE_EMPTY;
    struct buf buf;

    buf_init(&buf, &world.arena, LIST_BYTES);
    for (size_t i = 0; i < count; i++) {
        buf_format(&buf, "%s{\"page\":\"/p%zu\",\"state\":\"read\",\"at\":%zu}",
                   i == 0 ? "[" : ",", from + i, from + i);
    }
    buf_add_byte(&buf, ']');
    check_ok(buf_finish(&buf, &text));
    return text;
}

static size_t rows_of_ann(void)
{
    return people_count("SELECT page FROM bookplate_progress "
                        "WHERE user_id = 'ann'");
}

static void put_many(struct world *in)
{
    (void)in;
    people_add("ann", true);
    check_text(problem_of(many(PROGRESS_BATCH_MAX, 0)), "");
    check_text(problem_of(many(PROGRESS_BATCH_MAX + 1, 0)), "progress");
    assert_int_equal(json_count(parsed(put_ok(many(PROGRESS_BATCH_MAX, 0)))),
                     PROGRESS_BATCH_MAX);
    assert_int_equal(rows_of_ann(), PROGRESS_BATCH_MAX);
}
IN_FIBER(takes_a_batch_at_once, put_many)

static void put_too_many(struct world *in)
{
    (void)in;
    people_add("ann", true);
    check_text(put_ok(SLICE("[]")), "[]");
    for (size_t i = 0; i <= PROGRESS_PAGES_MAX; i += PROGRESS_BATCH_MAX) {
        (void)put_ok(many(PROGRESS_BATCH_MAX, i));
        arena_reset(&world.arena);
    }
    assert_int_equal(rows_of_ann(), PROGRESS_PAGES_MAX);
    assert_int_equal(people_count("SELECT page FROM bookplate_progress "
                                  "WHERE updated_at < 500"),
                     0);
    assert_int_equal(json_count(parsed(list(SLICE("ann"), 0))),
                     PROGRESS_PAGES_MAX);
}
IN_FIBER(lets_the_oldest_go, put_too_many)

static void put_for_nobody(struct world *in)
{
    struct slice json;

    (void)in;
    check_status(put(SLICE("ann"), many(3, 0), &json), STATUS_NOT_FOUND);
    assert_int_equal(rows_of_ann(), 0);
}
IN_FIBER(keeps_nothing_of_nobody, put_for_nobody)

static void put_times(struct world *in)
{
    (void)in;
    people_add("ann", true);
    /* A minute ahead may be true, a year may not. */
    check_text(put_ok(SLICE("[{\"page\":\"/a\",\"state\":\"read\","
                            "\"at\":1795248388000},"
                            "{\"page\":\"/b\",\"state\":\"read\","
                            "\"at\":1826784328000},"
                            "{\"page\":\"/c\",\"state\":\"read\"}]")),
               "[{\"page\":\"/a\",\"state\":\"read\",\"place\":\"\","
               "\"seconds\":0,\"at\":1795248388000},"
               "{\"page\":\"/b\",\"state\":\"read\",\"place\":\"\","
               "\"seconds\":0,\"at\":1795248328000},"
               "{\"page\":\"/c\",\"state\":\"read\",\"place\":\"\","
               "\"seconds\":0,\"at\":1795248328000}]");
    people_now = NOW + 1;
    check_text(put_ok(SLICE("{\"page\":\"/b\",\"state\":\"visited\"}")),
               "[{\"page\":\"/b\",\"state\":\"visited\",\"place\":\"\","
               "\"seconds\":0,\"at\":1795248328001}]");
    assert_int_equal(json_count(parsed(list(SLICE("ann"), NOW))), 1);
    check_text(list(SLICE("bob"), 0), "[]");
}
IN_FIBER(mistrusts_clocks, put_times)

static void put_twice(struct world *in)
{
    (void)in;
    people_add("ann", true);
    /* The newest, the most seconds; of two with one time the later. */
    check_text(
        put_ok(SLICE("[{\"page\":\"/a\",\"state\":\"read\",\"at\":5},"
                     "{\"page\":\"/a\",\"state\":\"visited\",\"at\":4,"
                     "\"seconds\":9},"
                     "{\"page\":\"/b\",\"state\":\"visited\",\"place\":\"#x\"},"
                     "{\"page\":\"/b\",\"state\":\"read\"}]")),
        "[{\"page\":\"/b\",\"state\":\"read\",\"place\":\"\",\"seconds\":0,"
        "\"at\":1795248328000},"
        "{\"page\":\"/a\",\"state\":\"read\",\"place\":\"\",\"seconds\":9,"
        "\"at\":5}]");
}
IN_FIBER(folds_a_page_named_twice, put_twice)

/* Three devices, each with words of its own, in any order. */
#define WORDS  12
#define ORDERS 60

static uint64_t dice = 20261121;

static size_t roll(size_t sides)
{
    dice = dice * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (size_t)(dice >> 33) % sides;
}

struct word {
    int at;
    int seconds;
};

static void shuffle(struct word *words, size_t count)
{
    for (size_t i = count - 1; i > 0; i--) {
        size_t j = roll(i + 1);
        struct word swapped = words[i];

        words[i] = words[j];
        words[j] = swapped;
    }
}

static void say(const struct word *word)
{
    struct slice text = SLICE_EMPTY;

    check_ok(arena_format(&world.arena, &text,
                          "{\"page\":\"/a\",\"state\":\"%.*s\",\"place\":"
                          "\"#%d\",\"seconds\":%d,\"at\":%d}",
                          SLICE_ARG(progress_states[word->at % 4]), word->at,
                          word->seconds, word->at));
    (void)put_ok(text);
}

static void say_all(struct world *in)
{
    struct word words[WORDS];
    struct slice expected = SLICE_EMPTY;
    int most = 0;

    (void)in;
    people_add("ann", true);
    for (int i = 0; i < WORDS; i++) {
        words[i] = (struct word){i + 1, (int)roll(100)};
        most = words[i].seconds > most ? words[i].seconds : most;
    }
    for (int i = 0; i < ORDERS; i++) {
        people_sql("DELETE FROM bookplate_progress");
        shuffle(words, WORDS);
        for (size_t j = 0; j < WORDS; j++) {
            say(&words[j]);
        }
        check_ok(arena_format(&world.arena, &expected,
                              "[{\"page\":\"/a\",\"state\":\"%.*s\",\"place\":"
                              "\"#12\",\"seconds\":%d,\"at\":12}]",
                              SLICE_ARG(progress_states[0]), most));
        check_slice(list(SLICE("ann"), 0), expected);
        arena_reset(&world.arena);
    }
}
IN_FIBER(hears_the_newest_in_any_order, say_all)

static enum status put_one(const struct auth_call *call)
{
    struct slice json;

    return progress_put(&reader, call, SLICE("ann"), parsed(many(3, 0)), &json);
}

static void fail_each(struct world *in)
{
    (void)in;
    people_add("ann", true);
    assert_true(people_torture(put_one) >= 5);
}
IN_FIBER(is_all_or_nothing, fail_each)

RUN_TESTS(WITH_PEOPLE(takes_what_devices_say), WITH_PEOPLE(names_what_is_wrong),
          WITH_PEOPLE(refuses_what_is_no_path),
          WITH_PEOPLE(takes_a_batch_at_once), WITH_PEOPLE(lets_the_oldest_go),
          WITH_PEOPLE(keeps_nothing_of_nobody), WITH_PEOPLE(mistrusts_clocks),
          WITH_PEOPLE(folds_a_page_named_twice),
          WITH_PEOPLE(hears_the_newest_in_any_order),
          WITH_PEOPLE(is_all_or_nothing))
