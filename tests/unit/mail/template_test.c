/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "mail/template.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char folder[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "%s", "/tmp/bookplate-XXXXXX");
    arena_init(&arena, (size_t)8 << 20);
    return mkdtemp(folder) == NULL;
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *name, struct slice content)
{
    char path[256];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content.ptr, 1, content.len, file), content.len);
    assert_int_equal(fclose(file), 0);
}

static enum status load(struct slice *problem, struct mail_templates *out)
{
    *problem = SLICE_EMPTY;
    return mail_templates_load(&arena, slice_from_cstr(folder), problem, out);
}

static void check_problem(const char *name, struct slice content,
                          const char *words)
{
    struct mail_templates templates;
    struct slice problem;
    char path[256];

    put(name, content);
    check_status(load(&problem, &templates), STATUS_INVALID_VALUE);
    if (!slice_contains(problem, slice_from_cstr(words)) ||
        !slice_contains(problem, slice_from_cstr(name))) {
        fail_msg("\"%.*s\" does not say \"%s\"", SLICE_ARG(problem), words);
    }
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(unlink(path), 0);
}

static const struct mail_values values = {
    SLICE_INIT("book.example.org"),
    SLICE_INIT("o'neil@example.com"),
    SLICE_INIT("<b>{{url}}</b>\r\nBcc: x\xe2\x80\xae"),
    SLICE_INIT("https://book.example.org/?a=1&b=2"),
    SLICE_INIT("1 hour"),
    SLICE_INIT("new@example.com")};

static void test_an_operators_mail_replaces_ours(void **state)
{
    struct mail_templates templates;
    struct mail_template mail;
    struct slice problem;

    (void)state;
    put("verify-email.txt",
        SLICE("Subject: Willkommen bei {{site}}\n\nHallo {{ name }},\n{{url}} "
              "({{expires}})\n"));
    put("verify-email.html",
        SLICE("<p>{{name}} <a href=\"{{url}}\">{{email}}</a> { } }}</p>"));
    put("reset-password.txt", SLICE("Subject: Neu\r\n\r\n{{url}}"));
    put("README", SLICE("not a mail"));
    check_ok(load(&problem, &templates));
    check_ok(mail_template_render(&arena, &templates.of[MAIL_VERIFY_EMAIL],
                                  &values, &mail));
    check_text(mail.subject, "Willkommen bei book.example.org");
    check_text(mail.text, "Hallo <b>{{url}}</b> Bcc: x,\n"
                          "https://book.example.org/?a=1&b=2 (1 hour)\n");
    check_text(mail.html,
               "<p>&lt;b&gt;{{url}}&lt;/b&gt; Bcc: x <a href=\""
               "https://book.example.org/?a=1&amp;b=2\">o&#39;neil@example.com"
               "</a> { } }}</p>");
    check_text(templates.of[MAIL_RESET_PASSWORD].subject, "Neu");
    check_text(templates.of[MAIL_RESET_PASSWORD].text, "{{url}}");
    check_text(templates.of[MAIL_RESET_PASSWORD].html, "");
    assert_true(templates.of[MAIL_DELETE_ACCOUNT].html.len > 0);
}

static void test_mistakes_are_named_with_file_and_line(void **state)
{
    static char big[MAIL_TEMPLATE_MAX + 1];

    (void)state;
    check_problem("verify-email.txt", SLICE("Hello\n{{url}}"),
                  "verify-email.txt:1: does not begin with Subject:");
    check_problem("verify-email.txt", SLICE("Subject:\n\n{{url}}"),
                  ":1: has an empty subject");
    check_problem("verify-email.txt", SLICE("Subject: a\n\nb\n"),
                  ":4: the file ends without {{url}}");
    check_problem("verify-email.txt", SLICE("Subject: a\n\n{{url}}\n{{uri}}"),
                  ":4: a placeholder that no mail has");
    check_problem("verify-email.txt", SLICE("Subject: {{x}}\n\n{{url}}\n"),
                  ":1: a placeholder that no mail has");
    check_problem("verify-email.txt",
                  SLICE("Subject: a\n\n{{url}} {{new_email}}"),
                  ":3: a placeholder that this mail does not have");
    check_problem("existing-account.txt", SLICE("Subject: a\n\n{{url}}"),
                  ":3: a placeholder that this mail does not have");
    check_problem("verify-email.txt", SLICE("Subject: a\n\n{{url\n}}"),
                  ":3: {{ without }} on the same line");
    check_problem("verify-email.txt", SLICE("Subject: a\n\n{{url}}{{"),
                  ":3: {{ without }} on the same line");
    check_problem("verify-email.txt", SLICE("Subject: a\n\n{{{url}}}"),
                  ":3: a placeholder that no mail has");
    check_problem("verify-email.txt", SLICE("Subject: \xff\n\n{{url}}"),
                  ":1: is not UTF-8");
    check_problem("verify-email.html", SLICE("<p>{{url}}</p>"),
                  ":1: needs a .txt beside it");
    check_problem("verify_email.txt", SLICE("Subject: a\n\n{{url}}"),
                  ":1: there is no mail of that name");
    check_problem("verify-email.txt", slice_make(big, sizeof(big)),
                  ":1: is longer than 64 KiB");
    put("verify-email.txt", SLICE("Subject: a\n\n{{url}}"));
    check_problem("verify-email.html", SLICE("<p>\n</p>"),
                  ":2: the file ends without {{url}}");
}

static void test_a_missing_folder_is_said(void **state)
{
    struct mail_templates templates;
    struct slice problem = SLICE_EMPTY;

    (void)state;
    check_status(mail_templates_load(&arena, SLICE("no/such/folder"), &problem,
                                     &templates),
                 STATUS_INVALID_VALUE);
    assert_true(slice_contains(problem, SLICE("no/such/folder")));
}

static void test_values_too_long_are_not_cut_in_two(void **state)
{
    static char text[5000];
    struct mail_templates templates;
    struct mail_template mail;
    struct mail_values odd = values;
    struct slice problem;

    (void)state;
    memset(text, 'a', sizeof(text));
    check_ok(mail_templates_load(&arena, SLICE_EMPTY, &problem, &templates));
    odd.url = slice_make(text, sizeof(text));
    check_status(mail_template_render(&arena, &templates.of[MAIL_VERIFY_EMAIL],
                                      &odd, &mail),
                 STATUS_TOO_LARGE);
}

static void test_times_are_told_in_words(void **state)
{
    static const struct {
        int64_t ms;
        const char *words;
    } rows[] = {
        {3600000, "1 hour"},         {5400000, "90 minutes"},
        {86400000, "1 day"},         {172800000, "2 days"},
        {60000, "1 minute"},         {1000, "1 second"},
        {90061000, "90061 seconds"},
    };
    struct slice words;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_ok(mail_expires_text(&arena, rows[i].ms, &words));
        check_slice(words, slice_from_cstr(rows[i].words));
    }
}

#define WITH_FOLDER(test)                                                      \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

RUN_TESTS(WITH_FOLDER(test_an_operators_mail_replaces_ours),
          WITH_FOLDER(test_mistakes_are_named_with_file_and_line),
          WITH_FOLDER(test_a_missing_folder_is_said),
          WITH_FOLDER(test_values_too_long_are_not_cut_in_two),
          WITH_FOLDER(test_times_are_told_in_words))
