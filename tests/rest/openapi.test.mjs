// SPDX-License-Identifier: Apache-2.0
// /api/openapi.json and /api/docs: whole, true, and harmless. And the checker
// that holds every other test's answers to them, which must be able to fail.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';

import { Validator } from '@seriousme/openapi-schema-validator';

import { atEnd } from '../process/program.mjs';
import { Contract, JSON_TYPE } from './conform.mjs';
import { Site, given, serve } from './site.mjs';

const ROUTES = new URL('../../src/api/routes.def', import.meta.url);
const DOCUMENT = '/api/openapi.json';
const PAGE = '/api/docs';

const site = serve({ settings: { MIN_PASSWORD_LENGTH: '11' } });

const document = () => site.contract.document;

/** [where, schema's place, value] of every example. */
function* examples() {
  for (const { template, method, operation } of site.contract.operations()) {
    const at = ['paths', template, method];
    const body = operation.requestBody?.content[JSON_TYPE];
    if (body?.example !== undefined) {
      yield [...at, 'requestBody', 'content', JSON_TYPE, body.example];
    }
    for (const [status, response] of Object.entries(operation.responses)) {
      const content = response.content?.[JSON_TYPE];
      const where = [...at, 'responses', status, 'content', JSON_TYPE];
      if (content?.example !== undefined) {
        yield [...where, content.example];
      }
      for (const { value } of Object.values(content?.examples ?? {})) {
        yield [...where, value];
      }
    }
  }
  for (const [name, response] of Object.entries(document().components.responses)) {
    for (const { value } of Object.values(response.content[JSON_TYPE].examples)) {
      const at = ['components', 'responses', name, 'content', JSON_TYPE];
      yield [...at, value];
    }
  }
}

describe('the document', () => {
  test('is OpenAPI 3.1, as others judge it', async () => {
    const { valid, errors } = await new Validator().validate(document());
    assert.ok(valid, JSON.stringify(errors));
  });

  test('describes every row of the plain API', () => {
    const rows = readFileSync(ROUTES, 'utf8').matchAll(
      /^REST\((\w+),\s*"([^"]+)"/gm,
    );
    let count = 0;
    for (const [, method, path] of rows) {
      count += 1;
      // A star stands for one part or more of the address.
      const found = site.contract.find(method, path.replace('*', 'x'));
      const deeper = site.contract.find(method, path.replace('*', 'x/background'));
      assert.ok(found ?? deeper, `${method} ${path}`);
    }
    assert.ok(count >= 9, `${count} rows`);
    assert.ok(site.contract.operations().length >= count);
  });

  test('tells each operation by a name of its own, and what it does', () => {
    const seen = new Set();
    for (const { operation } of site.contract.operations()) {
      assert.match(operation.operationId, /^[a-z][A-Za-z]+$/);
      assert.ok(!seen.has(operation.operationId), operation.operationId);
      seen.add(operation.operationId);
      assert.match(operation.summary, /^\S.*[.]$/);
    }
  });

  test('has a parameter for each in a path, and no other', () => {
    for (const { template, operation } of site.contract.operations()) {
      const named = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const told = operation.parameters
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => name);
      assert.deepEqual(told, named, template);
    }
  });

  test('gives examples that fit', () => {
    let count = 0;
    for (const example of examples()) {
      const value = example.pop();
      const errors = site.contract.errorsAt([...example, 'schema'], value);
      assert.equal(errors, null, `${example.join(' ')}: ${errors}`);
      count += 1;
    }
    assert.ok(count > 20, `${count} examples`);
  });

  test('names the public address, and what this server was told', () => {
    assert.deepEqual(document().servers, [{ url: site.origin }]);
    const at = document().paths['/auth/signup'].post.requestBody;
    const { password } = at.content[JSON_TYPE].schema.properties;
    assert.equal(password.minLength, 11);
  });

  test('shows the words of the questionnaire', async () => {
    const answer = await site.api.get('/api/questionnaire', { unchecked: true });
    if (answer.status === 404) {
      console.log('# skipped: no /api/questionnaire');
      return;
    }
    const questions = given(answer).steps.flatMap((step) => step.questions);
    const { properties } = document().components.schemas.Answers;
    assert.deepEqual(
      Object.keys(properties),
      questions.map(({ id }) => id),
    );
    for (const { id, kind, choices } of questions) {
      const words = properties[id].enum ?? properties[id].items?.enum;
      const has = kind === 'single' || kind === 'multi';
      assert.deepEqual(
        words,
        has ? choices.map((choice) => choice.id) : undefined,
        id,
      );
    }
  });

  test('follows the settings: further fields, what is switched off', async (t) => {
    const other = new Site({
      options: {
        user: {
          additionalFields: {
            city: { type: 'string', required: true },
            shoe: { type: 'number', required: false },
            rank: { type: 'string', required: false, input: false },
          },
        },
      },
      settings: { DISABLED_PATHS: '/sign-in/email' },
    });
    atEnd(t, () => other.close());
    await other.open();
    assert.equal(other.contract.find('POST', '/auth/signin'), null);
    const found = other.contract.find('POST', '/auth/signup');
    const body = { email: 'a@example.org', password: 'a quiet harbour at dawn' };
    for (const [more, status] of [
      [{ city: 'Lahore', shoe: 42 }, 201],
      [{ shoe: 42 }, 422],
      [{ city: 'Lahore', shoe: '42' }, 422],
      [{ city: 'Lahore', rank: 'x' }, 422],
      [{ city: 'Lahore', other: 1 }, 422],
    ]) {
      const errors = other.contract.bodyErrors(found, { ...body, ...more });
      assert.equal(errors === null, status === 201, JSON.stringify(more));
      const answer = await other.api.post('/auth/signup', {
        body: { ...body, ...more },
      });
      assert.equal(answer.status, status, answer.text);
    }
  });

  for (const path of [DOCUMENT, PAGE]) {
    test(`${path} may be kept by caches, and asked about`, async () => {
      const first = await site.api.get(path);
      assert.equal(first.headers['cache-control'], 'public, max-age=60');
      assert.equal(first.cookies.length, 0);
      const { etag } = first.headers;
      const again = await site.api.get(path, {
        headers: { 'if-none-match': `"other", W/${etag}` },
      });
      assert.equal(again.status, 304);
      assert.equal(again.text, '');
      const other = await site.api.get(path, {
        headers: { 'if-none-match': '"other"' },
      });
      assert.equal(other.text, first.text);
      const head = await site.api.head(path);
      assert.equal(head.status, 200);
      assert.equal(head.headers['content-length'], first.headers['content-length']);
    });
  }
});

describe('the page', () => {
  let answer;
  before(async () => {
    answer = await site.api.get(PAGE);
  });

  test('may run and fetch nothing', () => {
    const policy = answer.headers['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /script-src/);
    assert.doesNotMatch(
      answer.text,
      /<script|<link|<iframe|<img|\ssrc=|\son\w+=|url\(|@import/i,
    );
  });

  test('has every operation, under a heading one can link to', () => {
    const text = answer.text.replaceAll('<wbr>', '');
    for (const { template, operation } of site.contract.operations()) {
      const { operationId } = operation;
      assert.ok(answer.text.includes(`<h3 id="${operationId}"`), operationId);
      assert.ok(answer.text.includes(`href="#${operationId}"`), operationId);
      assert.ok(text.includes(`<code>${template}</code>`), template);
    }
  });

  test('links to nothing that is not there', () => {
    const ids = new Set(
      [...answer.text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id),
    );
    for (const [, id] of answer.text.matchAll(/href="#([^"]+)"/g)) {
      assert.ok(ids.has(id), id);
    }
  });

  test('closes what it opens', () => {
    const open = [];
    const alone = new Set(['meta', 'wbr', '!doctype']);
    for (const [, slash, name] of answer.text.matchAll(/<(\/?)([a-z0-9!]+)[^>]*>/gi)) {
      if (slash) {
        assert.equal(open.pop(), name);
      } else if (!alone.has(name.toLowerCase())) {
        open.push(name);
      }
    }
    assert.deepEqual(open, []);
  });

  test('can be walked through by its headings and landmarks', () => {
    const levels = [...answer.text.matchAll(/<h(\d)/g)].map(([, n]) => Number(n));
    assert.equal(levels.filter((level) => level === 1).length, 1);
    levels.reduce((before, level) => {
      assert.ok(level <= before + 1, `h${before}, then h${level}`);
      return level;
    });
    for (const mark of ['<header', '<nav aria-label', '<main id="main"', 'lang="en"']) {
      assert.ok(answer.text.includes(mark), mark);
    }
    assert.match(answer.text, /<a class="skip" href="#main">/);
    for (const [table] of answer.text.matchAll(/<table.*?<\/thead>/gs)) {
      assert.match(table, /<caption>.+<\/caption>/s);
      assert.match(table, /<th scope="col">/);
    }
  });
});

describe('the checker', () => {
  const request = { method: 'POST', path: '/auth/signup' };
  const good = {
    status: 422,
    headers: { 'content-type': 'application/json' },
    text: '{"error":{"code":"VALIDATION_ERROR","message":"m","fields":{"a":"b"}}}',
  };
  const lies = {
    'a status nobody promised': { status: 200 },
    'a code nobody promised': {
      text: '{"error":{"code":"NO_SUCH_CODE","message":"m"}}',
    },
    'a code of another status': {
      text: '{"error":{"code":"EMAIL_TAKEN","message":"m"}}',
    },
    'a member nobody promised': {
      text: '{"error":{"code":"VALIDATION_ERROR","message":"m"},"more":1}',
    },
    'a member that is not there': {
      text: '{"error":{"code":"VALIDATION_ERROR"}}',
    },
    'another type': { headers: { 'content-type': 'text/html' } },
    'what is no JSON': { text: '<p>' },
    'no body': { text: '' },
  };

  test('lets through what is promised', () => {
    site.contract.check(request, good);
    site.contract.check({ method: 'GET', path: '/favicon.ico' }, { status: 500 });
    site.contract.check(
      { method: 'GET', path: '/api/nothing' },
      { ...good, status: 404, text: '{"error":{"code":"X","message":"m"}}' },
    );
  });

  for (const [what, lie] of Object.entries(lies)) {
    test(`finds ${what}`, () => {
      assert.throws(() => site.contract.check(request, { ...good, ...lie }));
    });
  }

  test('finds an address nobody described', () => {
    const answer = { ...good, status: 200, text: '{}' };
    for (const path of ['/api/secret', '/auth/other', '/api/profile/x/y?z']) {
      assert.throws(
        () => site.contract.check({ method: 'GET', path }, answer),
        /undescribed/,
        path,
      );
    }
  });

  test('finds a schema that says what it cannot judge', () => {
    const strange = structuredClone(document());
    strange.components.schemas.Error.minimumLength = 3;
    const contract = new Contract(strange);
    assert.throws(() => contract.check(request, good), /unknown keyword/);
  });
});
