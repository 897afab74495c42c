// SPDX-License-Identifier: Apache-2.0
// What the server says of itself against what it does: the operation of
// /api/openapi.json that a request is for, and whether status, fields, type
// and body of its answer are among those it promises.
//
//   const contract = new Contract(document)
//   contract.find(method, path)      -> { template, method, operation }, or null
//   contract.check(request, answer)  throws when the answer is not promised
//   contract.bodyErrors(found, body) -> what is wrong with a body, or null
//   contract.operations()            -> all of them
//
// A keyword the validator does not know is an error, so that nothing in the
// document is passed over.
import assert from 'node:assert/strict';

import Ajv2020 from 'ajv/dist/2020.js';

export const JSON_TYPE = 'application/json';
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
// What the document is about; the rest is Better Auth's, operations, the book.
const DESCRIBED = /^\/(?:auth|api(?!\/auth(?:[/?]|$)))\//;
// Of any address, described or not: nothing there, not with this method, not
// to this host, too long.
const ANYWHERE = [400, 404, 405, 408, 413, 414, 421, 431, 503];
const ERROR = 'components/schemas/Error';

const FORMATS = {
  'date-time': /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(?:\.\d+)?Z$/,
  email: /^[^\s@]+@[^\s@]+$/,
  uri: (text) => URL.canParse(text),
  'uri-reference': (text) => URL.canParse(text, 'http://a/'),
  int64: { type: 'number', validate: Number.isSafeInteger },
  password: true,
};

const SCHEMAS = '#/components/schemas/';

/** A schema as it stands by itself, with all it may refer to. */
function alone(schema, document) {
  const moved = (key, value) =>
    key === '$ref' ? value.replace(SCHEMAS, '#/$defs/') : value;
  const $defs = document.components.schemas;
  return JSON.parse(JSON.stringify({ ...schema, $defs }, moved));
}

/** "application/json; charset=utf-8" -> "application/json" */
export const mediaType = (value = '') => value.split(';')[0].trim().toLowerCase();

/** "/a/{b}/c" as what its paths look like. */
function pattern(template) {
  const parts = template.split(/\{[^}]+\}/);
  const plain = parts.map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${plain.join('[^/?]+')}$`);
}

const describe = (errors) =>
  errors
    .map(({ instancePath, message, params }) =>
      `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`)
    .join('; ');

export class Contract {
  #ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: true,
    formats: FORMATS,
  });
  #validators = new Map();

  constructor(document) {
    this.document = document;
    // Of /a/b and /a/{x} the first is meant.
    this.paths = Object.keys(document.paths)
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .map((template) => ({ template, pattern: pattern(template) }));
  }

  /** Every operation with where it stands. */
  operations() {
    return Object.entries(this.document.paths).flatMap(([template, item]) =>
      METHODS.filter((method) => item[method]).map((method) => ({
        template,
        method,
        operation: item[method],
      })),
    );
  }

  find(method, path) {
    const bare = path.split('?')[0];
    const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
    const place = this.paths.find((one) => one.pattern.test(bare));
    const operation = place && this.document.paths[place.template][asked];
    return operation
      ? { template: place.template, method: asked, operation }
      : null;
  }

  /** A response or header and its place, behind any $ref. */
  #resolve(names) {
    const value = names.reduce((node, name) => node?.[name], this.document);
    if (value?.$ref === undefined) {
      return { value, names };
    }
    return this.#resolve(value.$ref.slice(2).split('/'));
  }

  #errors(names, value) {
    const key = names.join(' ');
    if (!this.#validators.has(key)) {
      const schema = names.reduce((node, name) => node?.[name], this.document);
      assert.ok(schema, `no schema at ${key}`);
      const all = alone(schema, this.document);
      this.#validators.set(key, this.#ajv.compile(all));
    }
    const validate = this.#validators.get(key);
    return validate(value) ? null : describe(validate.errors);
  }

  bodyErrors({ template, method }, body) {
    const at = ['paths', template, method, 'requestBody', 'content'];
    return this.#errors([...at, JSON_TYPE, 'schema'], body);
  }

  /** What is wrong with a value for a schema of the document, or null. */
  errorsAt(names, value) {
    return this.#errors(names, value);
  }

  check(request, answer) {
    const { method, path } = request;
    if (!DESCRIBED.test(path) || method === 'OPTIONS') {
      return;
    }
    const what = `${method} ${path} -> ${answer.status} ${answer.text.slice(0, 500)}`;
    const found = this.find(method, path);
    if (found === null) {
      assert.ok(ANYWHERE.includes(answer.status), `undescribed: ${what}`);
      this.#checkError(answer, what);
      return;
    }
    const at = ['paths', found.template, found.method, 'responses'];
    const promised = this.#resolve([...at, String(answer.status)]);
    if (promised.value === undefined) {
      // Refused before anybody looked at what it was for.
      assert.ok([408, 414, 421, 431].includes(answer.status), `status: ${what}`);
      this.#checkError(answer, what);
      return;
    }
    this.#checkHeaders(promised, answer, what);
    this.#checkContent(promised, method, answer, what);
  }

  #checkHeaders({ value, names }, answer, what) {
    for (const name of Object.keys(value.headers ?? {})) {
      const header = this.#resolve([...names, 'headers', name]);
      const given = answer.headers[name.toLowerCase()];
      if (given === undefined) {
        assert.ok(!header.value.required, `no ${name}: ${what}`);
        continue;
      }
      const isNumber = header.value.schema?.type === 'integer';
      const errors = this.#errors(
        [...header.names, 'schema'],
        isNumber ? Number(given) : given,
      );
      assert.equal(errors, null, `${name}: ${given}: ${what}`);
    }
  }

  #checkContent({ value, names }, method, answer, what) {
    if (value.content === undefined || method === 'HEAD') {
      assert.equal(answer.text, '', `a body nobody promised: ${what}`);
      return;
    }
    const type = mediaType(answer.headers['content-type']);
    assert.ok(value.content[type], `type ${type}: ${what}`);
    if (type === JSON_TYPE) {
      const at = [...names, 'content', type, 'schema'];
      const errors = this.#errors(at, JSON.parse(answer.text));
      assert.equal(errors, null, what);
    }
  }

  #checkError(answer, what) {
    if (answer.text !== '') {
      const errors = this.#errors(ERROR.split('/'), JSON.parse(answer.text));
      assert.equal(errors, null, what);
    }
  }
}
