/* SPDX-License-Identifier: Apache-2.0 */
/* What an author writes: mistakes with their lines, and what it becomes. */
#include "questionnaire_lab.h"

#include <sys/stat.h>

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

/* `why` begins behind "FILE:". */
static void refuse_slice(struct slice text, struct slice why)
{
    struct slice whole;

    check_ok(
        arena_format(&lab.arena, &whole, "%s:%.*s", lab.file, SLICE_ARG(why)));
    check_status(lab_load(&lab, text), STATUS_INVALID_VALUE);
    check_slice(lab.why, whole);
}

static void refuse(const char *text, const char *why)
{
    refuse_slice(slice_from_cstr(text), slice_from_cstr(why));
}

/* One question, which begins on line 3 and is one line for each of its. */
static void refuse_question(const char *question, const char *why)
{
    struct slice text;

    check_ok(arena_format(&lab.arena, &text,
                          "{\"id\":\"q\",\"steps\":[{\"id\":\"s\",\n"
                          "\"title\":\"S\",\"questions\":[\n%s\n]}]}",
                          question));
    refuse_slice(text, slice_from_cstr(why));
}

#define STEP  "{\"id\":\"s\",\"title\":\"S\",\"questions\":"
#define ASK   "{\"id\":\"gpu\",\"label\":\"L\",\"kind\":"
#define TEXT  ASK "\"text\"}"
#define YES   "{\"id\":\"yes\",\"label\":\"Y\"}"
#define WHOLE "{\"id\":\"q\",\"steps\":[" STEP "[" TEXT "]}]}"

static void test_the_whole(void **state)
{
    (void)state;
    refuse("[]", "1: the questionnaire is no object, which stands in braces");
    refuse("\n\n7", "3: the questionnaire is no object, which stands in "
                    "braces");
    refuse("{}", "1: the questionnaire has no id");
    refuse("{\n\"id\":\"Q\"}",
           "2: the questionnaire has an id that is not made of a to z, 0 to 9, "
           "- and _, at most 64");
    refuse("{\"id\":\"q\"}", "1: the questionnaire has no steps");
    refuse("{\"id\":\"q\",\n\"steps\":[]}",
           "2: the questionnaire has no steps");
    refuse("{\"id\":\"q\",\n\"steps\":{}}",
           "2: the questionnaire has \"steps\" that is no list, which stands "
           "in brackets");
    refuse("{\"id\":\"q\",\n\n\"stpes\":[]}",
           "3: the questionnaire has a member \"stpes\"; known here: id title "
           "version steps consent");
    refuse("{\"id\":\"q\",\n\"version\":2,\"steps\":[]}",
           "2: the questionnaire has a version that is not a text such as "
           "\"2\", without spaces, at most 64 long");
    refuse("{\"id\":\"q\",\"steps\":[\n7]}",
           "2: step 1 is no object, which stands in braces");
    refuse("{\"id\":\"q\",\"steps\":[\n{\"title\":\"S\"}]}",
           "2: step 1 has no id");
    refuse("{\"id\":\"q\",\"steps\":[" STEP "[" TEXT "]},\n" STEP "[]}]}",
           "2: step \"s\" is there twice");
    refuse("{\"id\":\"q\",\"steps\":[\n" STEP "[]}]}",
           "2: step \"s\" has no questions");
    refuse("{\"id\":\"q\",\"steps\":[\n{\"id\":\"s\",\"questions\":[]}]}",
           "2: step \"s\" has no title");
    refuse("{\"id\":\"q\",\"steps\":[" STEP "[" TEXT "]}],\n"
           "\"consent\":{\"text\":\"T\"}}",
           "2: consent has no version; it tells which text a reader agreed to");
    refuse("{\"id\":\"q\",\"steps\":[" STEP "[" TEXT "]}],\n"
           "\"consent\":{\"version\":\"1\",\n\"required\":1,\"text\":\"T\"}}",
           "3: consent has \"required\" that is not true or false");
    refuse("{\"id\":\"q\",\"steps\":[" STEP "[" TEXT "]}],\n"
           "\"consent\":\"yes\"}",
           "2: consent is no object, which stands in braces");
}

static void test_questions(void **state)
{
    (void)state;
    refuse_question("7", "3: question 1 is no object, which stands in braces");
    refuse_question("{\"kind\":\"text\"}", "3: question 1 has no id");
    refuse_question("{\n\"id\":7}", "4: question 1 has an id that is no text");
    refuse_question("{\n\"id\":\"Two words\"}",
                    "4: question 1 has the id \"Two words\"; an id has a to z, "
                    "0 to 9 and _, at most 64, and no _ first");
    refuse_question("{\"id\":\"__proto__\"}",
                    "3: question 1 has the id \"__proto__\"; an id has a to z, "
                    "0 to 9 and _, at most 64, and no _ first");
    refuse_question("{\"id\":\"a\\u001b[2J\\nb\"}",
                    "3: question 1 has the id \"a?[2J?b\"; an id has a to z, 0 "
                    "to 9 and _, at most 64, and no _ first");
    refuse_question(TEXT ",\n" TEXT, "4: question \"gpu\" is there twice");
    refuse_question("{\"id\":\"gpu\",\"label\":\"L\"}",
                    "3: question \"gpu\" has no kind");
    refuse_question(ASK "\n\"radio\"}",
                    "3: question \"gpu\" has the kind \"radio\"; a kind is "
                    "single, multi, scale, text or number");
    refuse_question("{\"id\":\"gpu\",\"kind\":\"text\"}",
                    "3: question \"gpu\" has no label");
    refuse_question(ASK "\"text\",\n\"choices\":[]}",
                    "4: question \"gpu\" has a member \"choices\"; known here: "
                    "id kind label help why required maxLength");
    refuse_question(ASK "\"text\",\n\"axis\":\"x\"}",
                    "4: question \"gpu\" has a member \"axis\"; known here: id "
                    "kind label help why required maxLength");
    refuse_question(ASK "\"text\",\n\"required\":\"yes\"}",
                    "4: question \"gpu\" has \"required\" that is not true or "
                    "false");
    refuse_question(ASK "\"text\",\n\"maxLength\":1025}",
                    "4: question \"gpu\" has \"maxLength\" that is not a whole "
                    "number from 1 to 1024");
    refuse_question(ASK "\"scale\",\n\"min\":5,\n\"max\":5}",
                    "5: question \"gpu\" has a scale from 5 to 5; its max is "
                    "above its min");
    refuse_question(ASK "\"scale\",\n\"max\":101}",
                    "4: question \"gpu\" has \"max\" that is not a whole "
                    "number from 0 to 100");
    refuse_question(ASK "\"scale\",\"labels\":{\n\"6\":\"x\"}}",
                    "4: question \"gpu\" has a label for \"6\", which is not "
                    "on its scale from 1 to 5");
    refuse_question(ASK "\"scale\",\"labels\":{\n\"01\":\"x\"}}",
                    "4: question \"gpu\" has a label for \"01\", which is not "
                    "on its scale from 1 to 5");
    refuse_question(ASK "\"scale\",\n\"labels\":[]}",
                    "4: question \"gpu\" has \"labels\" that is no object, "
                    "such as {\"1\": \"never\"}");
    refuse_question(ASK "\"number\",\n\"min\":1e300}",
                    "4: question \"gpu\" has \"min\" that is no number, or one "
                    "beyond 9007199254740991");
    refuse_question(ASK "\"number\",\"min\":2,\n\"max\":1}",
                    "4: question \"gpu\" has bounds from 2 to 1; its max is "
                    "above its min");
}

static void test_choices(void **state)
{
    (void)state;
    refuse_question(ASK "\"single\"}", "3: question \"gpu\" has no choices");
    refuse_question(ASK "\"multi\",\n\"choices\":[]}",
                    "4: question \"gpu\" has no choices");
    refuse_question(ASK "\"single\",\"choices\":[\n\"yes\"]}",
                    "4: question \"gpu\": choice 1 is no object, which stands "
                    "in braces");
    refuse_question(ASK "\"single\",\"choices\":[\n" YES ",\n" YES "]}",
                    "5: question \"gpu\": choice \"yes\" is there twice");
    refuse_question(ASK "\"single\",\"axis\":\"x\",\"choices\":[\n"
                        "{\"id\":\"yes\",\"label\":\"Y\",\n\"level\":5}]}",
                    "5: question \"gpu\": choice \"yes\" has level 5; a level "
                    "is 0 to 3");
    refuse_question(ASK "\"single\",\"axis\":\"x\",\"choices\":[\n"
                        "{\"id\":\"yes\",\"label\":\"Y\",\"level\":-1}]}",
                    "4: question \"gpu\": choice \"yes\" has level -1; a level "
                    "is 0 to 3");
    refuse_question(ASK "\"single\",\"axis\":\"x\",\"choices\":[\n"
                        "{\"id\":\"yes\",\"label\":\"Y\",\"level\":1.5}]}",
                    "4: question \"gpu\": choice \"yes\" has a level that is "
                    "no whole number; a level is 0 to 3");
    refuse_question(ASK "\"single\",\"choices\":[\n"
                        "{\"id\":\"yes\",\"label\":\"Y\",\"level\":1}]}",
                    "4: question \"gpu\": choice \"yes\" has a level, but its "
                    "question has no axis to measure on");
    refuse_question(ASK "\"single\",\n\"axis\":\"x\",\"choices\":[" YES "]}",
                    "4: question \"gpu\" has an axis, but no choice of it has "
                    "a level");
    refuse_question(ASK "\"multi\",\"choices\":[" YES "],\n\"most\":2}",
                    "4: question \"gpu\" has \"most\" that is not a whole "
                    "number from 1 to 1");
    refuse_question(ASK "\"single\",\"choices\":[{\"id\":\"yes\",\n"
                        "\"lable\":\"Y\"}]}",
                    "4: question \"gpu\": choice \"yes\" has a member "
                    "\"lable\"; known here: id label help level");
}

static void test_labels(void **state)
{
    (void)state;
    refuse_question("{\"id\":\"gpu\",\"kind\":\"text\",\n\"label\":7}",
                    "4: question \"gpu\" has a label that is neither a text "
                    "nor texts by language");
    refuse_question("{\"id\":\"gpu\",\"kind\":\"text\",\n\"label\":\" \"}",
                    "4: question \"gpu\" has an empty label");
    refuse_question("{\"id\":\"gpu\",\"kind\":\"text\",\n"
                    "\"label\":{\"ur\":\"x\"}}",
                    "4: question \"gpu\" has a label without \"en\", which is "
                    "shown where a language lacks");
    refuse_question("{\"id\":\"gpu\",\"kind\":\"text\",\"label\":{\n"
                    "\"en\":\"x\",\n\"english\":\"x\"}}",
                    "5: question \"gpu\" has a label in \"english\", which is "
                    "no language such as en or ur");
    refuse_question("{\"id\":\"gpu\",\"kind\":\"text\",\"label\":{\n"
                    "\"en\":\"x\",\n\"ur\":\"\"}}",
                    "5: question \"gpu\" has an empty label");
    refuse_question("{\"id\":\"gpu\",\"kind\":\"text\",\"label\":{\n"
                    "\"en\":\"x\",\n\"ur\":[]}}",
                    "5: question \"gpu\" has a label that is neither a text "
                    "nor texts by language");
    refuse_question(ASK "\"text\",\"why\":{\n\"en\":\"x\",\"a\":\"\"}}",
                    "4: question \"gpu\" has a why in \"a\", which is no "
                    "language such as en or ur");
    refuse_question(ASK "\"text\",\"help\":{\"en\":\"x\",\"aa\":\"x\","
                        "\"ab\":\"x\",\"ac\":\"x\",\"ad\":\"x\",\"ae\":\"x\","
                        "\"af\":\"x\",\"ag\":\"x\",\n\"ah\":\"x\"}}",
                    "4: question \"gpu\" is in one language more than the 8 "
                    "there may be");
}

static void test_text_too_long(void **state)
{
    char label[QUESTION_LABEL_MAX + 2];
    struct slice text;

    (void)state;
    memset(label, 'x', sizeof(label));
    label[QUESTION_LABEL_MAX + 1] = '\0';
    check_ok(arena_format(&lab.arena, &text,
                          "{\"id\":\"gpu\",\"kind\":\"text\",\n"
                          "\"label\":\"%s\"}",
                          label));
    refuse_question(text.ptr, "4: question \"gpu\" has a label of 401 bytes; "
                              "at most 400 are read");
    label[QUESTION_LABEL_MAX] = '\0';
    check_ok(arena_format(&lab.arena, &text,
                          "{\"id\":\"gpu\",\"kind\":\"text\","
                          "\"label\":\"%s\"}",
                          label));
    lab_ask(&lab, text.ptr);
}

/* Of all steps together, so none of them alone shows it. */
static void test_too_many_questions(void **state)
{
    struct slice text;
    struct buf buf;

    (void)state;
    buf_init(&buf, &lab.arena, 65536);
    buf_add(&buf, SLICE("{\"id\":\"q\",\"steps\":["));
    for (size_t i = 0; i <= QUESTIONS_MAX; i++) {
        if (i % 10 == 0) {
            buf_format(&buf,
                       "%s{\"id\":\"s%zu\",\"title\":\"S\",\"questions\":[",
                       i == 0 ? "" : "]},", i);
        }
        buf_format(&buf,
                   "%s\n{\"id\":\"q%zu\",\"kind\":\"text\",\"label\":\"L\"}",
                   i % 10 == 0 ? "" : ",", i);
    }
    buf_add(&buf, SLICE("]}]}"));
    check_ok(buf_finish(&buf, &text));
    refuse_slice(text, SLICE("66: question \"q64\" is one more than the 64 "
                             "there may be"));
}

static void fill_questions(struct buf *buf, size_t count)
{
    buf_add(buf, SLICE("{\"id\":\"q\",\"steps\":[" STEP "["));
    for (size_t i = 0; i < count; i++) {
        buf_format(buf,
                   "%s\n{\"id\":\"q%zu\",\"kind\":\"text\",\"label\":\"L\"}",
                   i == 0 ? "" : ",", i);
    }
    buf_add(buf, SLICE("]}]}"));
}

static void test_questions_have_a_limit(void **state)
{
    struct slice text;
    struct buf buf;

    (void)state;
    buf_init(&buf, &lab.arena, 65536);
    fill_questions(&buf, QUESTIONS_MAX);
    check_ok(buf_finish(&buf, &text));
    check_ok(lab_load(&lab, text));
    assert_int_equal(lab.questionnaire.count, QUESTIONS_MAX);
    buf_clear(&buf);
    fill_questions(&buf, QUESTIONS_MAX + 1);
    check_ok(buf_finish(&buf, &text));
    refuse_slice(text, SLICE("1: step \"s\" has 65 questions, at most 64"));
}

static void test_what_is_no_json(void **state)
{
    (void)state;
    refuse("", "1: the JSON lacks a value");
    refuse("{\"id\":\"q\",\n\"steps\":[]\n\"title\":\"T\"}",
           "3: the JSON lacks a comma before this, or has a bracket of the "
           "wrong kind");
    refuse("{\"id\":\"q\",\n\n\"id\":\"q\"}",
           "3: the JSON has this name twice in one object");
    refuse_slice(slice_make("{\"id\":\n\0}", 9),
                 SLICE("2: the JSON lacks a value"));
}

static void test_the_file_itself(void **state)
{
    struct slice large = {arena_alloc_text(&lab.arena, 200000), 200000};
    struct questionnaire out;

    (void)state;
    memset((char *)(uintptr_t)large.ptr, ' ', large.len);
    refuse_slice(large, SLICE(" the file is longer than 128 KiB"));
    /* Many values take more memory than bytes. */
    memset((char *)(uintptr_t)large.ptr, ',', 60000);
    memcpy((char *)(uintptr_t)large.ptr, "[", 1);
    large.len = 60000;
    refuse_slice(large, SLICE("1: the JSON lacks a value"));
    check_status(
        questionnaire_load(SLICE("no/such/file"), &lab.arena, &lab.why, &out),
        STATUS_INVALID_VALUE);
    check_text(lab.why, "the questionnaire \"no/such/file\" is no file that "
                        "can be read, and none of default, seed-levels, "
                        "seed-contexts");
    check_status(questionnaire_load(SLICE("/tmp"), &lab.arena, &lab.why, &out),
                 STATUS_INVALID_VALUE);
    check_text(lab.why, "the questionnaire \"/tmp\" is no file that can be "
                        "read, and none of default, seed-levels, "
                        "seed-contexts");
}

/* Some editors begin a file with a mark. */
static void test_a_byte_order_mark_is_passed_over(void **state)
{
    (void)state;
    lab_use(&lab, "\xef\xbb\xbf" WHOLE);
    assert_int_equal(lab.questionnaire.count, 1);
}

/* The start must not wait for somebody to write. */
static void test_a_pipe_is_no_file_to_wait_for(void **state)
{
    (void)state;
    assert_int_equal(unlink(lab.file), 0);
    assert_int_equal(mkfifo(lab.file, 0600), 0);
    check_status(questionnaire_load(slice_from_cstr(lab.file), &lab.arena,
                                    &lab.why, &lab.questionnaire),
                 STATUS_INVALID_VALUE);
    assert_int_equal(unlink(lab.file), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_whole),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_text_too_long),
        cmocka_unit_test(test_too_many_questions),
        cmocka_unit_test(test_questions_have_a_limit),
        cmocka_unit_test(test_what_is_no_json),
        cmocka_unit_test(test_the_file_itself),
        cmocka_unit_test(test_a_byte_order_mark_is_passed_over),
        cmocka_unit_test(test_a_pipe_is_no_file_to_wait_for),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
