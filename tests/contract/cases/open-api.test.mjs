// SPDX-License-Identifier: Apache-2.0
// What the open-api plugin says of the server, and that the server does it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { TARGET, serve } from '../target.mjs';

const OURS_ALONE = { skip: TARGET === 'ours' ? false : 'the original differs' };

const documentOf = async (book) =>
  (await book.visitor().get('/open-api/generate-schema')).json;

function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, about]) => ({ path, method, about })),
  );
}

/** Every value of a member with that name, however deep. */
function valuesOf(tree, name) {
  if (typeof tree !== 'object' || tree === null) {
    return [];
  }
  return Object.entries(tree).flatMap(([key, value]) =>
    key === name ? [value] : valuesOf(value, name),
  );
}

describe('open-api: the document', OURS_ALONE, () => {
  const book = serve({ plugins: ['bearer', 'jwt', 'admin', 'open-api'] });

  test('stands on its own', async () => {
    const document = await documentOf(book);
    assert.equal(document.openapi, '3.1.1');
    assert.equal(document.servers[0].url, `${book.origin}/api/auth`);
    for (const reference of valuesOf(document, '$ref')) {
      const parts = reference.replace(/^#\//, '').split('/');
      const found = parts.reduce((tree, part) => tree?.[part], document);
      assert.equal(typeof found, 'object', reference);
    }
    for (const scheme of document.security.flatMap(Object.keys)) {
      assert.ok(document.components.securitySchemes[scheme], scheme);
    }
  });

  test('names each operation once', async () => {
    const operations = operationsOf(await documentOf(book));
    const ids = operations.map(({ about }) => about.operationId);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.includes('postSignInEmail'));
    assert.ok(ids.length > 40, `${ids.length} operations`);
  });

  test('says no more than the server does', async () => {
    for (const { path, method } of operationsOf(await documentOf(book))) {
      const visitor = book.visitor();
      const url = path.replace('{token}', 'x');
      const answer =
        method === 'get' ? await visitor.get(url) : await visitor.post(url, {});
      const missing = answer.status === 404 && answer.text === '';
      assert.equal(missing, false, `${method} ${path}: ${answer.status}`);
    }
  });

  test('says what must be there', async () => {
    for (const { path, method, about } of operationsOf(await documentOf(book))) {
      const schema = about.requestBody?.content['application/json'].schema;
      const required = schema?.required ?? [];
      if (method !== 'post' || required.length === 0) {
        continue;
      }
      const { status, json } = await book.visitor().post(path, {});
      assert.equal(status, 400, path);
      for (const field of required) {
        assert.match(json.message, new RegExp(`\\[body\\.${field}\\]`), path);
      }
    }
  });

  test('says who may', async () => {
    const { paths } = await documentOf(book);
    assert.deepEqual(paths['/sign-in/email'].post.security, []);
    assert.equal(paths['/admin/list-users'].get.security.length, 2);
  });

  test('shows what a user has', async () => {
    const { components } = await documentOf(book);
    const { properties } = components.schemas.User;
    assert.equal(properties.email.type, 'string');
    assert.deepEqual(properties.image.type, ['string', 'null']);
    assert.ok('role' in properties);
    assert.equal('password' in properties, false);
  });
});

describe('open-api: what is off', OURS_ALONE, () => {
  const book = serve({
    plugins: ['open-api'],
    disabledPaths: ['/delete-user'],
  });

  test('is not shown', async () => {
    const { paths } = await documentOf(book);
    const page = await book.visitor().get('/reference');
    for (const path of ['/admin/list-users', '/token', '/delete-user']) {
      assert.equal(path in paths, false, path);
      assert.equal(page.text.includes(`<code>${path}</code>`), false, path);
    }
    assert.ok('/sign-in/email' in paths);
    assert.ok(page.text.includes('<code>/sign-in/email</code>'));
  });
});

describe('open-api: the page', OURS_ALONE, () => {
  const book = serve({ plugins: ['open-api'] });

  test('asks nobody for anything, and runs nothing', async () => {
    const { text, headers } = await book.visitor().get('/reference');
    assert.doesNotMatch(text, /<script|<link|<img|<iframe|@import|url\(/i);
    assert.doesNotMatch(text, /https?:\/\//);
    assert.match(headers['content-security-policy'], /default-src 'none'/);
  });
});

describe('open-api: switched off', () => {
  const book = serve({ plugins: [] });

  test('there is neither', async () => {
    for (const path of ['/open-api/generate-schema', '/reference']) {
      assert.equal((await book.visitor().get(path)).status, 404, path);
    }
  });
});
