// SPDX-License-Identifier: Apache-2.0
// Times in the language of the page.
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';

export interface Dates {
  /** "21 November 2026" */
  day(iso: string): string;
  /** "21 Nov 2026, 14:05" */
  moment(iso: string): string;
}

export function datesIn(locale: string): Dates {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const said = (format: Intl.DateTimeFormat, iso: string) => {
    const date = new Date(iso);
    return Number.isNaN(date.getTime()) ? iso : format.format(date);
  };
  return {
    day: (iso) => said(day, iso),
    moment: (iso) => said(moment, iso),
  };
}

export function useDates(): Dates {
  return datesIn(useDocusaurusContext().i18n.currentLocale);
}
