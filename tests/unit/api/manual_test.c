/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "api/api.h"
#include "api/rest/manual/parts.h"
#include "api/rest/refuse.h"
#include "crypto/init.h"
#include "reader/questionnaire.h"

/* Both texts, the tree, and what printing them takes. */
#define ARENA_MAX ((size_t)64 << 20)

static struct arena arena;
static struct questionnaire questionnaire;
static struct manual_facts facts;
static struct manual manual;
static const struct json *document;

static int set_up(void **state)
{
    const struct json_limits limits = {MANUAL_MAX, 1 << 17, false};
    struct slice why;

    (void)state;
    check_ok(crypto_init());
    arena_init(&arena, ARENA_MAX);
    check_ok(
        questionnaire_load(SLICE("default"), &arena, &why, &questionnaire));
    facts = (struct manual_facts){
        .base_url = SLICE("https://book.example.org"),
        .cookie = SLICE("better-auth.session_token"),
        .questionnaire = &questionnaire,
        .min_password = 11,
        .max_password = 99,
        .tokens = true,
        .accounts_described = true,
    };
    check_ok(manual_make(&facts, &arena, &manual));
    check_ok(json_parse(&arena, manual.document.text, limits, &document));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* A value of the document by names with blanks between. */
static const struct json *at(const struct json *json, const char *names)
{
    struct slice rest = slice_from_cstr(names);
    struct slice name;

    while (slice_split(&rest, ' ', &name)) {
        json = json_get(json, name);
    }
    return json;
}

static void check_json_text(const struct json *json, struct slice text)
{
    struct slice given = SLICE_EMPTY;

    check_ok(json_text(json, &given));
    check_slice(given, text);
}

static const struct json *operation_of(const struct route *route)
{
    const struct rest_endpoint *endpoint = route->with;
    struct slice path = endpoint->path.len > 0 ? endpoint->path : route->path;
    struct slice method = http_method_name(route->method);
    char lower[8] = {0};

    for (size_t i = 0; i < method.len; i++) {
        lower[i] = ascii_lower(method.ptr[i]);
    }
    return json_get(json_get(at(document, "paths"), path),
                    slice_from_cstr(lower));
}

static bool has_response(const struct json *operation, int http)
{
    char text[] = {(char)('0' + http / 100), (char)('0' + http / 10 % 10),
                   (char)('0' + http % 10)};

    return json_get(at(operation, "responses"), slice_make(text, 3)) != NULL;
}

static void every_route_is_described(void **state)
{
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < api_route_count; i++) {
        const struct rest_endpoint *endpoint = api_routes[i].with;
        const struct json *operation;

        if (api_routes[i].handle != rest_answer) {
            continue;
        }
        operation = operation_of(&api_routes[i]);
        assert_non_null(operation);
        check_json_text(at(operation, "operationId"), endpoint->name);
        check_json_text(at(operation, "summary"), endpoint->summary);
        assert_true(endpoint->summary.len > 10);
        assert_true(has_response(operation, endpoint->success));
        for (size_t j = 0;
             j < REST_STATUSES_MAX && endpoint->refusals[j] != STATUS_OK; j++) {
            assert_true(has_response(
                operation, status_http(rest_status(endpoint->refusals[j]))));
        }
        count++;
    }
    assert_true(count >= 2);
}

/* A star is nothing OpenAPI knows; braces stand for a parameter. */
static void paths_name_their_parameters(void **state)
{
    struct operations operations;

    (void)state;
    check_ok(manual_operations(&facts, &operations));
    for (size_t i = 0; i < operations.count; i++) {
        const struct operation *operation = &operations.items[i];
        struct slice path = operation->path;

        assert_int_equal(slice_find(path, '*'), path.len);
        for (size_t j = 0; j < manual_parameter_count(operation->endpoint);
             j++) {
            const struct rest_parameter *parameter =
                &operation->endpoint->parameters[j];

            assert_true(!parameter->in_path ||
                        slice_contains(path, parameter->name));
        }
    }
}

/* {} among the ways: nothing will do as well. */
static void guests_need_nothing_to_show(void **state)
{
    const struct json *open = at(document, "paths /api/reader get");
    const struct json *shut = at(document, "paths /api/profile get");
    const struct json *ways = json_get(open, SLICE("security"));

    (void)state;
    assert_int_equal(json_count(ways), 3);
    assert_int_equal(json_count(json_at(ways, 0)), 0);
    assert_int_equal(json_count(json_at(ways, 1)), 1);
    assert_null(at(open, "responses 401"));
    assert_int_equal(json_count(json_get(shut, SLICE("security"))), 2);
    assert_non_null(at(shut, "responses 401"));
}

static void names_are_given_once(void **state)
{
    struct operations operations;

    (void)state;
    check_ok(manual_operations(&facts, &operations));
    for (size_t i = 0; i < operations.count; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_false(slice_equal(operations.items[i].endpoint->name,
                                     operations.items[j].endpoint->name));
        }
    }
}

static void answers_show_the_questions(void **state)
{
    const struct json *asked =
        at(document, "components schemas Answers properties");

    (void)state;
    assert_int_equal(json_count(asked), questionnaire.count);
    for (size_t i = 0; i < questionnaire.count; i++) {
        const struct question *question = &questionnaire.questions[i];
        const struct json *schema = json_get(asked, question->id);

        assert_non_null(schema);
        if (question->kind == QUESTION_SINGLE) {
            assert_int_equal(json_count(json_get(schema, SLICE("enum"))),
                             question->choice_count);
        }
    }
}

static void the_public_address_is_named(void **state)
{
    (void)state;
    check_json_text(at(json_at(json_get(document, SLICE("servers")), 0), "url"),
                    facts.base_url);
    assert_true(slice_contains(manual.page.text, facts.base_url));
}

/* Nothing runs and nothing is fetched when somebody looks at it. */
static void the_page_asks_for_nothing(void **state)
{
    static const char *const unwanted[] = {
        "<script", "src=", "url(", "@import", "<link", "<iframe", "onclick",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++) {
        assert_false(
            slice_contains(manual.page.text, slice_from_cstr(unwanted[i])));
    }
}

static void what_an_author_wrote_is_escaped(void **state)
{
    static const struct choice choices[] = {
        {SLICE_INIT("<img src=x onerror=a>"), LEVEL_NONE}};
    static const struct question question = {
        .id = SLICE_INIT("\"><script>"),
        .kind = QUESTION_SINGLE,
        .choices = choices,
        .choice_count = 1,
    };
    const struct questionnaire hostile = {.questions = &question, .count = 1};
    struct manual_facts other = facts;
    struct manual out;
    const struct json *json;

    (void)state;
    other.questionnaire = &hostile;
    check_ok(manual_make(&other, &arena, &out));
    assert_false(slice_contains(out.page.text, SLICE("<script")));
    assert_false(slice_contains(out.page.text, SLICE("<img")));
    check_ok(json_parse(&arena, out.document.text,
                        (struct json_limits){MANUAL_MAX, 1 << 17, false},
                        &json));
}

/* Caches ask by it: it changes exactly when the text does. */
static void tags_follow_the_text(void **state)
{
    struct manual_facts other = facts;
    struct manual same;
    struct manual changed;

    (void)state;
    check_ok(manual_make(&facts, &arena, &same));
    check_slice(same.document.etag, manual.document.etag);
    check_slice(same.page.etag, manual.page.etag);
    other.base_url = SLICE("https://other.example.org");
    check_ok(manual_make(&other, &arena, &changed));
    assert_false(slice_equal(changed.document.etag, manual.document.etag));
    assert_false(slice_equal(changed.page.etag, manual.page.etag));
    assert_int_equal(manual.page.etag.len, 34);
}

static void little_memory_is_reported(void **state)
{
    (void)state;
    for (size_t limit = 0; limit < 65536; limit += 4096) {
        struct arena small;
        struct manual out;

        arena_init(&small, limit);
        check_status(manual_make(&facts, &small, &out), STATUS_NO_MEMORY);
        arena_release(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_described),
        cmocka_unit_test(paths_name_their_parameters),
        cmocka_unit_test(guests_need_nothing_to_show),
        cmocka_unit_test(names_are_given_once),
        cmocka_unit_test(answers_show_the_questions),
        cmocka_unit_test(the_public_address_is_named),
        cmocka_unit_test(the_page_asks_for_nothing),
        cmocka_unit_test(what_an_author_wrote_is_escaped),
        cmocka_unit_test(tags_follow_the_text),
        cmocka_unit_test(little_memory_is_reported),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
