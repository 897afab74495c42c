// SPDX-License-Identifier: Apache-2.0
// The differences from the original that are meant, each as narrow as it can
// be said: `forgives` sees one differing field of one answer, with the whole
// answers and the request beside it. The table "Accepted differences" of
// docs/protocol.md has the same rows in the same order.

const EXPOSED = [
  'set-auth-token',
  'set-auth-jwt',
  'x-retry-after',
  'retry-after',
  'etag',
];
const BAD_JSON =
  '{"message":"Invalid JSON in request body","code":"BAD_REQUEST"}';
const SOCIAL =
  /^\/(sign-in\/social|link-social|callback\/\w+|get-access-token|refresh-token|account-info)$/;
const EVIL = 'https://evil.example';
const BIG = 65_536;
const LONG = 4_096;
const ODD_TARGETS = [
  '/..//evil.example',
  '/ok ',
  'http:/localhost:3000',
  'http:localhost:3000',
  'http://localhost:3000\\@evil.example',
  'http://user:pass@localhost:3000/',
];

/**
 * What the body of the original shows by mistake, by request. A new account
 * has the role "user", so "role":null gives away that the address is taken.
 */
const SMALL_FAULTS = {
  'Alice again signs up': /"role":null/,
  'Alice once more signs up': /"role":null/,
  'Alice after all signs up': /"role":null/,
  'taken signs up': /"role":null/,
  'taken, required only signs up': /"role":null/,
  '/sign-up/email password []': /Too small: expected array/,
  'create: data with core fields': /"id":"mine"/,
  'the ban has ended': /"banned":true/,
};

/** Whom ours takes for the client where the original knows nobody. */
const SOCKET = {
  'a port': /"ipAddress":"(198\.51\.100\.7|127\.0\.0\.1)"/,
  other: /"ipAddress":"127\.0\.0\.1"/,
};

/** The path below /api/auth; '' for a note or another path. */
function pathOf({ request }) {
  const target = request?.target.split('?')[0] ?? '';
  return target.startsWith('/api/auth/') ? target.slice(9) : '';
}

/** Is our whole answer this one? Then whatever field differs is excused. */
const answers = ({ oursAnswer }, status, body) =>
  oursAnswer.status === status && body.test(oursAnswer.body);

const hasField = ({ request }, name) =>
  request.fields.some(([key]) => key === name);

const isForm = ({ request }) =>
  request.fields.some(([, value]) => value.includes('urlencoded'));

const namesOf = (list) => list.split(', ').filter(Boolean);

/** A text with its JSON members in one order, to compare without order. */
const members = (text) => text.split(/[{},]/).sort().join();

const sizeOf = ({ request }) => JSON.stringify(request?.body ?? '').length;

const ROWS = {
  'exposed-headers': ({ field, original = '', ours = '', request }) =>
    field === 'header access-control-expose-headers' &&
    namesOf(ours).every((name) => EXPOSED.includes(name)) &&
    (namesOf(original).every((name) => namesOf(ours).includes(name)) ||
      request.fields.some((pair) => `${pair}` === `Origin,${EVIL}`)),

  'no-store': ({ field, original, ours }) =>
    field === 'header cache-control' &&
    original === undefined &&
    ours === 'no-store',

  'retry-after': ({ field, original, oursAnswer }) =>
    field === 'header retry-after' &&
    original === undefined &&
    oursAnswer.status === 429,

  'size-limits': (about) =>
    (sizeOf(about) > BIG && answers(about, 413, /"CONTENT_TOO_LARGE"/)) ||
    (about.scenario === 'sizes' &&
      /^(a target of 12000|a long query|many cookies)$/.test(about.name) &&
      [413, 414, 431].includes(about.oursAnswer.status)) ||
    (sizeOf(about) > LONG && answers(about, 400, /Too big: expected string/)) ||
    (about.name === 'a long address' &&
      answers(
        about,
        400,
        /^\{"message":"\[body.email\] Invalid email address"/,
      )),

  'strict-json': (about) =>
    (about.scenario === 'broken-json' ||
      / deep$/.test(about.name) ||
      /^(name with escapes|lone surrogate|a field twice)$/.test(about.name)) &&
    about.oursAnswer.status === 400 &&
    about.oursAnswer.body === BAD_JSON,

  'strict-text': (about) =>
    about.request !== null &&
    answers(about, 400, /"INVALID_ENCODING"|is not valid HTTP\/1\.1/) &&
    /%(?![\da-f]{2})|%00|%ff|#|[\x80-\xff]/i.test(
      about.request.target + (isForm(about) ? about.request.body : ''),
    ),

  'no-content-type': (about) =>
    about.request?.method === 'POST' &&
    !hasField(about, 'Content-Type') &&
    answers(about, 415, /"Content-Type is required\. Allowed types: /),

  'one-content-type': (about) =>
    about.scenario === 'content-types' &&
    / (text\/html, application\/json|application\/jsonp)$/.test(about.name) &&
    answers(about, 415, /is not allowed\. Allowed types: /),

  faults: (about) =>
    (about.name.startsWith('a list in JSON') &&
      [422, 0].includes(about.originalAnswer.status) &&
      about.oursAnswer.status === 200) ||
    (about.originalAnswer.status === 500 &&
      about.oursAnswer.status >= 200 &&
      about.oursAnswer.status < 500) ||
    (about.field === 'header x-retry-after' &&
      about.original === 'more than a day' &&
      /^at most \d+$/.test(about.ours)) ||
    (about.field === 'body' &&
      SMALL_FAULTS[about.name]?.test(about.original) === true &&
      !SMALL_FAULTS[about.name].test(about.ours)),

  head: (about) =>
    about.request?.method === 'HEAD' &&
    about.originalAnswer.status === 404 &&
    about.oursAnswer.status === 200,

  misdirected: (about) =>
    about.scenario === 'base-url' &&
    about.name.startsWith('another Host') &&
    answers(about, 421, /"MISDIRECTED_REQUEST"/),

  'other-paths': (about) =>
    about.scenario === 'routes' &&
    pathOf(about) === '' &&
    about.originalAnswer.status === 404 &&
    (about.field === 'status'
      ? about.ours === 200
      : about.field === 'body' || about.field.startsWith('header ')),

  'no-dot-segments': (about) =>
    about.scenario === 'routes' &&
    /\/\.\.?\//.test(about.request.target) &&
    [400, 404].includes(about.oursAnswer.status),

  social: (about) => SOCIAL.test(pathOf(about)) && answers(about, 404, /^$/),

  'error-page': (about) =>
    pathOf(about) === '/error' &&
    /^<!doctype html>/i.test(about.originalAnswer.body) &&
    /^<!doctype html>/i.test(about.oursAnswer.body) &&
    (about.field === 'body' ||
      (about.field === 'header content-type' &&
        about.ours === 'text/html; charset=utf-8')),

  'strict-fields': (about) =>
    about.scenario.startsWith('fields-untyped') &&
    (answers(about, 400, /"code":"VALIDATION_ERROR"/) ||
      /^(text|a number) for JSON/.test(about.name) ||
      about.oursAnswer.body === 'not sent'),

  'socket-address': ({ scenario, name, field, original, ours }) =>
    scenario.startsWith('addresses') &&
    field === 'body' &&
    original.replace(/"ipAddress":"[^"]*"/g, '') ===
      ours.replace(SOCKET[name] ?? SOCKET.other, ''),

  'older-secrets': ({ scenario, name }) =>
    scenario === 'secrets' && name.startsWith('an older'),

  'copy-order': ({ field, original = '', ours = '' }) =>
    ['cookies', 'header set-auth-jwt'].includes(field) &&
    /<session data \{|<jwt \{/.test(original) &&
    members(original) === members(ours),

  'dead-sessions': (about) =>
    (about.scenario === 'cache-stale' &&
      answers(about, 401, /"code":"UNAUTHORIZED"/)) ||
    (pathOf(about) === '/get-session' &&
      answers(about, 200, /^null$/) &&
      about.oursAnswer.cookies.length >= 3 &&
      (about.originalAnswer.body === 'null'
        ? /^header (set-auth-jwt|access-control)/.test(about.field)
        : about.originalAnswer.body.startsWith('{"session":{"id":'))),

  'expired-cookies': ({ field, original, ours, request }) =>
    field === 'cookies' &&
    /\/(revoke-sessions?|delete-user)$/.test(request?.target) &&
    original === '' &&
    ours.split('\n').every((line) => line.includes('=; Max-Age=0; ')),

  'jwks-headers': (about) =>
    pathOf(about) === '/jwks' &&
    about.original === undefined &&
    ((about.field === 'header cache-control' &&
      /^public, max-age=\d+$/.test(about.ours)) ||
      (about.field === 'header etag' && /^"[\da-f]+"$/.test(about.ours))),

  'odd-targets': (about) =>
    ((about.scenario === 'targets' &&
      ODD_TARGETS.some((url) =>
        about.name.endsWith(`: ${JSON.stringify(url)}`),
      )) ||
      (about.scenario === 'trusted-patterns' &&
        /^to http:\/\/192\.168\..*evil\.example$/.test(about.name))) &&
    answers(about, 403, /"INVALID_CALLBACK_URL"/),

  'foreign-click': ({ scenario, name, originalAnswer }) =>
    scenario === 'delete-user-mail' &&
    ((name === 'clicked' && originalAnswer.status === 404) ||
      (name === 'gone' && originalAnswer.body.startsWith('{"session"'))),

  'existing-account-mail': ({ scenario, name, field, original, ours }) =>
    scenario === 'must-verify' &&
    name === 'mails' &&
    field === 'body' &&
    `${original} ${ours}` === '1 mails 3 mails',

  'token-reuse': ({ scenario, name, field, ours }) =>
    scenario === 'cache' &&
    name === 'the old copy' &&
    field === 'header set-auth-jwt' &&
    ours.startsWith('<jwt {"alg":"RS256"'),

  'acting-token': ({ scenario, field, ours }) =>
    scenario === 'admin-impersonation' &&
    field === 'header set-auth-jwt' &&
    ours?.includes('"sid":'),

  'open-api': (about) =>
    /^\/(reference|open-api\/generate-schema)$/.test(pathOf(about)) &&
    about.oursAnswer.status === 200 &&
    (about.field === 'body' ||
      (about.field === 'header content-type' &&
        about.ours === 'text/html; charset=utf-8')),

  'mail-token-user': (about) =>
    (about.request === null &&
      about.field === 'body' &&
      about.original === about.ours.replace(/"userId":"<[^>]*>",/, '')) ||
    (about.scenario === 'verify-email' &&
      (about.name === 'not yet verified' ||
        about.name.startsWith('another user id')) &&
      (about.name === 'not yet verified' ||
        about.oursAnswer.body.includes('"INVALID_USER"') ||
        about.ours?.endsWith('&error=INVALID_USER'))),
};

/** Rows that hold for answers as such, whatever was asked. */
const EVERYWHERE = ['exposed-headers', 'no-store'];

export const ACCEPTED = Object.entries(ROWS).map(([id, forgives]) => ({
  id,
  forgives,
  everywhere: EVERYWHERE.includes(id),
}));

/** More would be another protocol. */
export const ACCEPTED_LIMIT = 30;
