// SPDX-License-Identifier: Apache-2.0
// Times in the language of the page.
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';

export interface Dates {
  /** "21 November 2026" */
  day(iso: string): string;
  /** "21 Nov 2026, 14:05" */
  moment(iso: string): string;
  /** "5 hours, 20 minutes" */
  duration(minutes: number): string;
}

function unit(locale: string, name: string, count: number): string {
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: name,
    unitDisplay: 'long',
  }).format(count);
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
    duration(minutes) {
      const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
      const parts = [
        hours > 0 ? unit(locale, 'hour', hours) : '',
        rest > 0 || hours === 0 ? unit(locale, 'minute', rest) : '',
      ];
      return new Intl.ListFormat(locale, { type: 'unit' }).format(
        parts.filter(Boolean),
      );
    },
  };
}

export function useDates(): Dates {
  return datesIn(useDocusaurusContext().i18n.currentLocale);
}
