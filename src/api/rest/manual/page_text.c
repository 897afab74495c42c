/* SPDX-License-Identifier: Apache-2.0 */
/* What the page says whatever the operations are, and how it looks. */
#include "api/rest/manual/page.h"

const struct slice page_head = SLICE_INIT(
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, "
    "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<title>The plain API</title>\n<style>\n"
    ":root{--text:#1c1e21;--soft:#55595f;--page:#fff;--block:#f4f5f7;"
    "--line:#d5d8dd;--link:#1f5fbf;--get:#1b6e3c;--post:#1f5fbf;"
    "--put:#8a5300;--delete:#a8261f}\n"
    "@media(prefers-color-scheme:dark){:root{--text:#e3e4e6;--soft:#a6abb3;"
    "--page:#17181a;--block:#222427;--line:#3b3f45;--link:#8ab4f8;"
    "--get:#7fcf9b;--post:#8ab4f8;--put:#e5b567;--delete:#f2938c}}\n"
    "*{box-sizing:border-box}\n"
    "html{scroll-padding-top:1rem}\n"
    "body{margin:0;font:1rem/1.55 system-ui,sans-serif;color:var(--text);"
    "background:var(--page)}\n"
    "a{color:var(--link)}\n"
    "a:focus-visible,summary:focus-visible,pre:focus-visible"
    "{outline:3px solid var(--link);outline-offset:2px}\n"
    ".skip{position:absolute;left:-99rem}\n"
    ".skip:focus{left:1rem;top:1rem;background:var(--page);padding:.5rem}\n"
    ".frame{display:grid;grid-template-columns:19rem minmax(0,1fr);"
    "max-width:80rem;margin:0 auto}\n"
    "header{grid-column:1/-1;padding:2rem 1.5rem 1rem;"
    "border-bottom:1px solid var(--line)}\n"
    "h1{margin:0;font-size:1.9rem;line-height:1.2}\n"
    "header p{margin:.5rem 0 0;color:var(--soft);max-width:45rem}\n"
    "nav{padding:1rem 1.5rem;font-size:.875rem;position:sticky;top:0;"
    "max-height:100vh;overflow-y:auto;align-self:start}\n"
    "nav ul{list-style:none;margin:0;padding:0}\n"
    "nav p{margin:1rem 0 .25rem;font-weight:600}\n"
    "nav a{display:block;padding:.2rem 0;color:inherit;"
    "text-decoration:none}\n"
    "nav a:hover{text-decoration:underline}\n"
    "nav code{background:none;padding:0}\n"
    "main{padding:0 1.5rem 4rem;min-width:0}\n"
    "h2{margin:2.5rem 0 .5rem;font-size:1.5rem;line-height:1.25}\n"
    "h3{margin:0 0 .5rem;font-size:1.1rem;overflow-wrap:anywhere}\n"
    "article{margin:1.5rem 0;padding:1.25rem;border:1px solid var(--line);"
    "border-radius:.5rem}\n"
    "article p{margin:.4rem 0}\n"
    ".who{color:var(--soft)}\n"
    ".method{display:inline-block;min-width:3.6rem;font:600 .8125rem/1 "
    "ui-monospace,monospace}\n"
    "nav .method{min-width:3.2rem;font-size:.6875rem}\n"
    ".GET{color:var(--get)}.POST{color:var(--post)}"
    ".PUT,.PATCH{color:var(--put)}.DELETE{color:var(--delete)}\n"
    "code{font:.875em/1.5 ui-monospace,monospace;background:var(--block);"
    "padding:.1em .35em;border-radius:.25rem;overflow-wrap:anywhere}\n"
    "pre{margin:.5rem 0;padding:.75rem 1rem;background:var(--block);"
    "border-radius:.5rem;overflow-x:auto}\n"
    "pre code{background:none;padding:0;overflow-wrap:normal}\n"
    "table{width:100%;border-collapse:collapse;margin:1rem 0;"
    "font-size:.9375rem}\n"
    "caption{text-align:left;font-weight:600;padding-bottom:.25rem}\n"
    "th,td{text-align:left;vertical-align:top;font-weight:400;"
    "padding:.4rem .75rem .4rem 0;border-top:1px solid var(--line);"
    "overflow-wrap:anywhere}\n"
    "thead th{color:var(--soft);font-size:.8125rem;border-top:0}\n"
    "tbody th{width:28%}table.two tbody th{width:40%}\n"
    "td:nth-child(2):not(:last-child){width:32%}\n"
    "em{color:var(--soft);font-size:.8125rem}\n"
    "summary{cursor:pointer;padding:.35rem 0;color:var(--link)}\n"
    "@media(max-width:52rem){.frame{display:block}"
    "nav{position:static;max-height:none;"
    "border-bottom:1px solid var(--line)}"
    "header,nav,main{padding-left:1rem;padding-right:1rem}"
    "article{padding:1rem}"
    "nav a{padding:.45rem 0}"
    "thead{position:absolute;left:-99rem}"
    "tr{display:block;border-top:1px solid var(--line);padding:.4rem 0}"
    "tbody th,td,table.two tbody th,td:nth-child(2):not(:last-child)"
    "{display:block;width:auto;border:0;padding:.1rem 0}}\n"
    "@media print{nav,.skip{display:none}.frame{display:block}}\n"
    "</style>\n</head>\n<body>\n"
    "<a class=\"skip\" href=\"#main\">To the content</a>\n"
    "<div class=\"frame\">\n<header>\n<h1>The plain API</h1>\n"
    "<p>Accounts and sessions for clients that want no SDK, and what this "
    "book knows of its readers. The same for programs: <a "
    "href=\"/api/openapi.json\">OpenAPI 3.1</a>.</p>\n</header>\n");

const struct slice page_calling =
    SLICE_INIT("<section aria-labelledby=\"calling\">\n"
               "<h2 id=\"calling\">How to call it</h2>\n"
               "<p>Every address is below <code>");

const struct slice page_calling_cookie = SLICE_INIT(
    "</code>. Bodies and answers are JSON in UTF-8; a body says "
    "<code>Content-Type: application/json</code>.</p>\n"
    "<p>Signing up and signing in give a <code>session_token</code>: send it "
    "as <code>Authorization: Bearer TOKEN</code>. It is an RS256 JSON Web "
    "Token that any service can verify by <a "
    "href=\"/.well-known/jwks.json\">the published keys</a>. It is over "
    "after <code>expires_in</code> seconds; <a "
    "href=\"#refresh\"><code>POST /auth/refresh</code></a> gives the next one "
    "while the session lives. A browser may send the session's cookie, "
    "<code>");

const struct slice page_calling_end = SLICE_INIT(
    "</code>, instead; what changes anything must then come from a page of a "
    "trusted origin.</p>\n");

const struct slice page_accounts = SLICE_INIT(
    "<p>Better Auth's own endpoints, which its clients call, are described "
    "<a href=\"/api/auth/reference\">on a page of their own</a>.</p>\n");

const struct slice page_refusals = SLICE_INIT(
    "<section aria-labelledby=\"refusals\">\n"
    "<h2 id=\"refusals\">Refusals</h2>\n"
    "<p>Whatever is refused changed nothing, and is answered like this; "
    "<code>code</code> is stable, <code>message</code> is for people, and "
    "<code>fields</code>, where there is one, says of each field what to do "
    "about it. A field that is not listed here is refused too.</p>\n"
    "<pre tabindex=\"0\"><code>{\n  \"error\": {\n"
    "    \"code\": \"VALIDATION_ERROR\",\n"
    "    \"message\": \"Some fields are missing or wrong; ...\",\n"
    "    \"fields\": {\n"
    "      \"email\": \"This is needed.\"\n"
    "    }\n  }\n}</code></pre>\n");

const struct slice page_answers = SLICE_INIT(
    "<section aria-labelledby=\"answers\">\n"
    "<h2 id=\"answers\">Answers</h2>\n"
    "<p>An object with any number of the questions below. An answer that was "
    "stored may be an old one: to a question that is no longer asked, or with "
    "a choice that is gone.</p>\n");

const struct slice page_end =
    SLICE_INIT("</section>\n</main>\n</div>\n</body>\n</html>\n");
