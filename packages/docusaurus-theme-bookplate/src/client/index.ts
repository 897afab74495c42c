// SPDX-License-Identifier: Apache-2.0
// What the theme's components, a site's own and swizzled ones build on.
export * from './entry';
export * from './form';
export * from './go';
export * from './hooks/useBookplate';
export * from './hooks/useProfile';
export * from './hooks/useProgress';
export * from './routes';
export * from './ways';
export * from './offers';
export * from './plural';
export { ApiError, type Refusal } from '../core/api';
export {
  chooseVersion,
  countNew,
  dropGuest,
  keepGuest,
  saveAnswers,
  type Saving,
} from '../core/answers';
export { change, getPage, type Profile, type Status } from '../core/book';
export { api, askAsReader, forget, refresh } from '../core/server';
export type {
  GuestData,
  PageProgress,
  PageState,
  Progress,
  User,
} from '../core/local';
export { pageOf } from '../core/pages';
export { note } from '../core/progress';
export * from '../core/questionnaire';
export * from '../core/words';
export { byKey, meetsAny, parseConditions } from '../core/conditions';
export * from './account';
export * from './dates';
export type { Chapter, Chapters } from '../core/chapters';
