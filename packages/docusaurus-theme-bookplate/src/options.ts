// SPDX-License-Identifier: Apache-2.0
// What an author writes in docusaurus.config.js, with its defaults.
import { Joi } from '@docusaurus/utils-validation';
import type { OptionValidationContext } from '@docusaurus/types';

import type { Questionnaire } from './core/questionnaire';
import type { Credentials } from './core/options';

/** Where the bar above a chapter is hung; 'manual' is `<DocBar/>` in MDX. */
export type DocBarSlot = 'DocItem/Content' | 'DocItem/Layout' | 'manual';

export interface Slots {
  /** The account in the navbar. */
  navbar: boolean;
  /** The bar above each chapter. */
  docBar: DocBarSlot | false;
  /** The marks of what was read, in the sidebar. */
  progress: boolean;
  /** Variant, ForReader, Recap, Term and DocBar in every MDX file. */
  mdx: boolean;
}

export interface Options {
  server: string;
  authPath: string;
  client: 'tiny' | 'better-auth';
  credentials: Credentials;
  tokenStorage: 'session' | 'local';
  routeBase: string;
  docs: string[];
  slots: Slots;
  questionnaire: string | Questionnaire;
  glossary: string | false;
  tabs: Record<string, string>;
  timeoutMs: number;
}

export const DEFAULTS: Options = {
  server: '',
  authPath: '/api/auth',
  client: 'tiny',
  credentials: 'auto',
  tokenStorage: 'session',
  routeBase: '/',
  docs: ['default'],
  slots: { navbar: true, docBar: 'DocItem/Content', progress: true, mdx: true },
  questionnaire: 'default',
  glossary: false,
  tabs: { language: 'languages' },
  timeoutMs: 4000,
};

const ORIGIN = /^$|^https?:\/\/[^/?#\s]+$/;
const PATH = /^\/([\w.~-]+\/)*([\w.~-]+)?$/;
const says = (text: string) => ({
  'string.pattern.base': `{{#label}} ${text}`,
});

const slots = Joi.object<Slots>({
  navbar: Joi.boolean().default(DEFAULTS.slots.navbar),
  docBar: Joi.valid('DocItem/Content', 'DocItem/Layout', 'manual', false)
    .default(DEFAULTS.slots.docBar)
    .messages({
      'any.only':
        '{{#label}} is one of "DocItem/Content", "DocItem/Layout", "manual", false',
    }),
  progress: Joi.boolean().default(DEFAULTS.slots.progress),
  mdx: Joi.boolean().default(DEFAULTS.slots.mdx),
});

const schema = Joi.object<Options>({
  server: Joi.string()
    .allow('')
    .pattern(ORIGIN)
    .default(DEFAULTS.server)
    .messages(
      says(
        'is an origin such as "https://api.example.org", without a path, or "" for the book\'s own',
      ),
    ),
  authPath: Joi.string()
    .pattern(PATH)
    .default(DEFAULTS.authPath)
    .messages(says('is a path such as "/api/auth"')),
  client: Joi.valid('tiny', 'better-auth').default(DEFAULTS.client),
  credentials: Joi.valid('auto', 'cookie', 'partitioned', 'bearer').default(
    DEFAULTS.credentials,
  ),
  tokenStorage: Joi.valid('session', 'local').default(DEFAULTS.tokenStorage),
  routeBase: Joi.string()
    .pattern(/^\/([\w.~-]+\/)*$/)
    .default(DEFAULTS.routeBase)
    .messages(says('is "/" or a path such as "/reader/", with both slashes')),
  docs: Joi.array().items(Joi.string()).default(DEFAULTS.docs),
  slots: slots.default(DEFAULTS.slots),
  questionnaire: Joi.alternatives(Joi.string(), Joi.object()).default(
    DEFAULTS.questionnaire,
  ),
  glossary: Joi.alternatives(Joi.string(), Joi.valid(false)).default(
    DEFAULTS.glossary,
  ),
  tabs: Joi.object().pattern(Joi.string(), Joi.string()).default(DEFAULTS.tabs),
  timeoutMs: Joi.number().integer().min(500).max(30000).default(4000),
}).messages({
  'object.unknown':
    'docusaurus-theme-bookplate has no option {{#label}}; its README lists them',
});

export function validateOptions({
  validate,
  options,
}: OptionValidationContext<Partial<Options>, Options>): Options {
  return validate(schema, options as Options);
}
