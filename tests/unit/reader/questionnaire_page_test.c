/* SPDX-License-Identifier: Apache-2.0 */
/* What everybody is answered, and what becomes of answers over versions. */
#include "questionnaire_lab.h"

static struct lab lab;

static int set_up(void **state)
{
    (void)state;
    lab_open(&lab);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lab_close(&lab);
    return 0;
}

static struct slice page(const char *locale)
{
    return questionnaire_page_of(&lab.questionnaire, slice_from_cstr(locale))
        ->json;
}

static const char every_member[] =
    "{\"consent\":{\"required\":true,\"text\":{\"ur\":\"ut\",\"en\":\"et\"},"
    "\"version\":\"c1\"},\"version\":\"v7\",\"id\":\"mine\","
    "\"title\":\"T\",\"steps\":[{\"questions\":["
    "{\"kind\":\"multi\",\"id\":\"a\",\"label\":{\"en\":\"el\"},"
    "\"why\":{\"ur\":\"uw\",\"en\":\"ew\"},\"axis\":\"x\",\"choices\":["
    "{\"level\":0,\"label\":\"C\",\"id\":\"c\"},"
    "{\"id\":\"d\",\"label\":\"D\",\"help\":\"H\"}]},"
    "{\"id\":\"s\",\"kind\":\"scale\",\"label\":\"L\",\"required\":true,"
    "\"labels\":{\"5\":{\"en\":\"five\",\"ur\":\"uf\"}}},"
    "{\"id\":\"t\",\"kind\":\"text\",\"label\":\"L\",\"maxLength\":9},"
    "{\"id\":\"n\",\"kind\":\"number\",\"label\":\"L\",\"min\":0.5}"
    "],\"title\":{\"en\":\"es\",\"ur\":\"us\"},\"id\":\"one\"}]}";

static void test_all_languages_at_once(void **state)
{
    (void)state;
    lab_use(&lab, every_member);
    check_text(
        lab.questionnaire.json,
        "{\"id\":\"mine\",\"version\":\"v7\",\"locales\":[\"en\",\"ur\"],"
        "\"title\":{\"en\":\"T\"},\"steps\":[{\"id\":\"one\","
        "\"title\":{\"en\":\"es\",\"ur\":\"us\"},\"questions\":["
        "{\"id\":\"a\",\"kind\":\"multi\",\"label\":{\"en\":\"el\"},"
        "\"why\":{\"ur\":\"uw\",\"en\":\"ew\"},\"required\":false,"
        "\"axis\":\"x\",\"most\":2,\"choices\":["
        "{\"id\":\"c\",\"label\":{\"en\":\"C\"},\"level\":0},"
        "{\"id\":\"d\",\"label\":{\"en\":\"D\"},\"help\":{\"en\":\"H\"}}]},"
        "{\"id\":\"s\",\"kind\":\"scale\",\"label\":{\"en\":\"L\"},"
        "\"required\":true,\"min\":1,\"max\":5,"
        "\"labels\":{\"5\":{\"en\":\"five\",\"ur\":\"uf\"}}},"
        "{\"id\":\"t\",\"kind\":\"text\",\"label\":{\"en\":\"L\"},"
        "\"required\":false,\"maxLength\":9},"
        "{\"id\":\"n\",\"kind\":\"number\",\"label\":{\"en\":\"L\"},"
        "\"required\":false,\"min\":0.5,\"max\":9007199254740991}]}],"
        "\"consent\":{\"version\":\"c1\",\"text\":{\"ur\":\"ut\","
        "\"en\":\"et\"},\"required\":true}}");
    check_text(lab.questionnaire.consent_version, "c1");
    assert_true(lab.questionnaire.consent_required);
}

static void test_one_language(void **state)
{
    (void)state;
    lab_use(&lab, every_member);
    check_text(page("ur"),
               "{\"id\":\"mine\",\"version\":\"v7\",\"locale\":\"ur\","
               "\"locales\":[\"en\",\"ur\"],\"title\":\"T\",\"steps\":["
               "{\"id\":\"one\",\"title\":\"us\",\"questions\":["
               "{\"id\":\"a\",\"kind\":\"multi\",\"label\":\"el\","
               "\"why\":\"uw\",\"required\":false,\"axis\":\"x\",\"most\":2,"
               "\"choices\":[{\"id\":\"c\",\"label\":\"C\",\"level\":0},"
               "{\"id\":\"d\",\"label\":\"D\",\"help\":\"H\"}]},"
               "{\"id\":\"s\",\"kind\":\"scale\",\"label\":\"L\","
               "\"required\":true,\"min\":1,\"max\":5,"
               "\"labels\":{\"5\":\"uf\"}},"
               "{\"id\":\"t\",\"kind\":\"text\",\"label\":\"L\","
               "\"required\":false,\"maxLength\":9},"
               "{\"id\":\"n\",\"kind\":\"number\",\"label\":\"L\","
               "\"required\":false,\"min\":0.5,\"max\":9007199254740991}]}],"
               "\"consent\":{\"version\":\"c1\",\"text\":\"ut\","
               "\"required\":true}}");
}

static void test_languages_are_found(void **state)
{
    struct slice english;

    (void)state;
    lab_use(&lab, every_member);
    english = page("en");
    assert_true(slice_contains(english, SLICE("\"title\":\"es\"")));
    check_slice(page("ur-PK"), page("ur"));
    check_slice(page("UR"), page("ur"));
    check_slice(page("fr"), english);
    check_slice(page("u"), english);
    check_slice(page("urdu"), english);
    check_slice(page("-"), english);
    check_slice(page(""), english);
    assert_int_equal(lab.questionnaire.page_count, 2);
}

/* The entity-tags tell the pages apart, and texts that differ. */
static void test_entity_tags(void **state)
{
    const struct questionnaire *questionnaire = &lab.questionnaire;
    struct slice first;

    (void)state;
    lab_use(&lab, every_member);
    first = questionnaire->etag;
    assert_int_equal(first.len, 18);
    assert_int_equal(first.ptr[0], '"');
    assert_false(slice_equal(first, questionnaire->pages[0].etag));
    assert_false(slice_equal(questionnaire->pages[0].etag,
                             questionnaire->pages[1].etag));
    lab_use(&lab, every_member);
    check_slice(questionnaire->etag, first);
    lab_ask(&lab, "{\"id\":\"t\",\"kind\":\"text\",\"label\":\"L\"}");
    assert_false(slice_equal(first, questionnaire->etag));
}

/* Of what is asked and how, not of how the author's file is laid out. */
static void test_a_version_is_made_of_the_content(void **state)
{
    struct slice first;

    (void)state;
    lab_ask(&lab, "{\"id\":\"t\",\"kind\":\"text\",\"label\":\"L\"}");
    first = lab.questionnaire.version;
    assert_int_equal(first.len, 16);
    lab_ask(&lab, "{ \"label\": \"L\",\n \"kind\":\"text\", \"id\":\"t\" }");
    check_slice(lab.questionnaire.version, first);
    lab_ask(&lab, "{\"id\":\"t\",\"kind\":\"text\",\"label\":\"M\"}");
    assert_false(slice_equal(first, lab.questionnaire.version));
    lab_ask(&lab, "{\"id\":\"t\",\"kind\":\"text\",\"label\":\"L\","
                  "\"required\":true}");
    assert_false(slice_equal(first, lab.questionnaire.version));
}

/* What is built in is what this server answers without any setting. */
static void test_presets_are_in_english_and_urdu(void **state)
{
    static const struct slice names[] = {SLICE_INIT("default"),
                                         SLICE_INIT("seed-levels"),
                                         SLICE_INIT("seed-contexts")};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct slice urdu;

        check_ok(questionnaire_load(names[i], &lab.arena, &lab.why,
                                    &lab.questionnaire));
        check_slice(lab.questionnaire.id, names[i]);
        assert_int_equal(lab.questionnaire.page_count, 2);
        check_text(lab.questionnaire.pages[1].locale, "ur");
        urdu = lab.questionnaire.pages[1].json;
        /* Words that would be there had a label no Urdu. */
        assert_false(slice_contains(urdu, SLICE("So that")));
        assert_false(slice_contains(urdu, SLICE("Which")));
        assert_false(slice_contains(urdu, SLICE("How ")));
        assert_false(slice_contains(urdu, SLICE("None")));
        print_message("# %.*s: %zu bytes, %zu in Urdu\n", SLICE_ARG(names[i]),
                      lab.questionnaire.json.len, urdu.len);
    }
}

/* Every question says why it is asked. */
static void test_presets_say_why(void **state)
{
    const struct json *steps;

    (void)state;
    check_ok(questionnaire_load(SLICE_EMPTY, &lab.arena, &lab.why,
                                &lab.questionnaire));
    steps = json_get(lab_json(&lab, lab.questionnaire.json), SLICE("steps"));
    assert_int_equal(json_count(steps), 3);
    for (size_t i = 0; i < json_count(steps); i++) {
        const struct json *questions =
            json_get(json_at(steps, i), SLICE("questions"));

        assert_in_range(json_count(questions), 3, 5);
        for (size_t j = 0; j < json_count(questions); j++) {
            const struct json *why =
                json_get(json_at(questions, j), SLICE("why"));

            assert_int_equal(json_count(why), 2);
        }
    }
}

static const char before[] =
    "{\"id\":\"a\",\"kind\":\"single\",\"label\":\"L\",\"required\":true,"
    "\"choices\":[{\"id\":\"x\",\"label\":\"X\"},{\"id\":\"y\","
    "\"label\":\"Y\"}]},"
    "{\"id\":\"b\",\"kind\":\"text\",\"label\":\"L\"}";
static const char after[] =
    "{\"id\":\"a\",\"kind\":\"single\",\"label\":\"L\",\"required\":true,"
    "\"choices\":[{\"id\":\"y\",\"label\":\"Y\"}]},"
    "{\"id\":\"c\",\"kind\":\"scale\",\"label\":\"L\",\"required\":true}";

static void check_ids(bool open, const struct json *answers,
                      const char *expected)
{
    struct json_writer json;
    struct slice text;
    struct buf buf;

    buf_init(&buf, &lab.arena, 65536);
    json_writer_init(&json, &buf);
    if (open) {
        questionnaire_write_open_questions(&lab.questionnaire, answers, &json);
    } else {
        questionnaire_write_unused_answers(&lab.questionnaire, answers, &json);
    }
    check_ok(json_write_finish(&json, &text));
    check_slice(text, slice_from_cstr(expected));
}

/* A question went, a choice went, a required question came. */
static void test_answers_over_versions(void **state)
{
    const struct json *kept =
        lab_json(&lab, SLICE("{\"a\":\"y\",\"b\":\"text\"}"));
    const struct json *lost =
        lab_json(&lab, SLICE("{\"a\":\"x\",\"b\":\"text\"}"));

    (void)state;
    lab_ask(&lab, before);
    assert_true(questionnaire_is_complete(&lab.questionnaire, kept));
    assert_true(questionnaire_is_complete(&lab.questionnaire, lost));
    check_ids(true, lost, "[]");
    check_ids(false, lost, "[]");
    lab_ask(&lab, after);
    check_ids(true, kept, "[\"c\"]");
    check_ids(true, lost, "[\"a\",\"c\"]");
    check_ids(false, kept, "[\"b\"]");
    assert_false(questionnaire_is_complete(&lab.questionnaire, kept));
    assert_true(questionnaire_is_complete(
        &lab.questionnaire, lab_json(&lab, SLICE("{\"a\":\"y\",\"c\":1}"))));
}

/* Labels that are texts stand on the page of each language anew. */
static void fill_largest(struct buf *buf)
{
    buf_add(buf, SLICE("{\"id\":\"q\",\"title\":{\"en\":\"e\",\"aa\":\"a\","
                       "\"ab\":\"a\",\"ac\":\"a\",\"ad\":\"a\",\"ae\":\"a\","
                       "\"af\":\"a\",\"ag\":\"a\"},\"steps\":[{\"id\":\"s\","
                       "\"title\":\"S\",\"questions\":["));
    for (size_t i = 0; i < QUESTIONS_MAX; i++) {
        buf_format(buf, "%s{\"id\":\"q%zu\",\"kind\":\"multi\",\"label\":\"",
                   i == 0 ? "" : ",", i);
        for (size_t j = 0; j < QUESTION_LABEL_MAX / 2; j++) {
            buf_add(buf, SLICE("\\n"));
        }
        buf_add(buf, SLICE("\",\"choices\":["));
        for (size_t j = 0; j < 45; j++) {
            buf_format(buf, "%s{\"id\":\"%zu\",\"label\":\"\\n!\"}",
                       j == 0 ? "" : ",", j);
        }
        buf_add(buf, SLICE("]}"));
    }
    buf_add(buf, SLICE("]}]}"));
}

static void test_the_largest_fits_into_its_memory(void **state)
{
    struct questionnaire out;
    struct arena own;
    struct slice text;
    struct slice why;
    struct buf buf;

    (void)state;
    buf_init(&buf, &lab.arena, (size_t)1 << 20);
    fill_largest(&buf);
    check_ok(buf_finish(&buf, &text));
    assert_in_range(text.len, QUESTIONNAIRE_FILE_MAX * 3 / 4,
                    QUESTIONNAIRE_FILE_MAX);
    lab_write(&lab, text);
    arena_init(&own, QUESTIONNAIRE_MEMORY_MAX);
    check_ok(questionnaire_load(slice_from_cstr(lab.file), &own, &why, &out));
    assert_int_equal(out.page_count, QUESTIONNAIRE_LOCALES_MAX);
    print_message("# a file of %zu bytes takes %zu\n", text.len, own.held);
    arena_release(&own);
}

/* Too little room is said as such, wherever it runs out. */
static void test_memory_that_runs_out(void **state)
{
    size_t fitted = 0;

    (void)state;
    for (size_t limit = 0; limit < 300000; limit += 1000) {
        struct questionnaire out;
        struct slice why = SLICE_EMPTY;
        struct arena own;
        enum status status;

        arena_init(&own, limit);
        status = questionnaire_load(SLICE_EMPTY, &own, &why, &out);
        if (status == STATUS_OK) {
            fitted++;
        } else {
            assert_int_equal(status, STATUS_NO_MEMORY);
            check_text(why, "the questionnaire: out of memory");
        }
        arena_release(&own);
    }
    assert_in_range(fitted, 1, 299);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_languages_at_once),
        cmocka_unit_test(test_one_language),
        cmocka_unit_test(test_languages_are_found),
        cmocka_unit_test(test_entity_tags),
        cmocka_unit_test(test_a_version_is_made_of_the_content),
        cmocka_unit_test(test_presets_are_in_english_and_urdu),
        cmocka_unit_test(test_presets_say_why),
        cmocka_unit_test(test_answers_over_versions),
        cmocka_unit_test(test_the_largest_fits_into_its_memory),
        cmocka_unit_test(test_memory_that_runs_out),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
