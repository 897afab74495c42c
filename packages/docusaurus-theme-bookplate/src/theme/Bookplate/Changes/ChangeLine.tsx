// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import Translate, { translate } from '@docusaurus/Translate';
import { labelIn, type Label } from 'docusaurus-theme-bookplate/client';
import type { Answering } from '@theme/Bookplate/Questionnaire/useAnswering';
import { versionName } from '@theme/Bookplate/VersionMenu/VersionName';

import type { Change, Given } from './changes';
import styles from './styles.module.css';

/** Axes are named by authors; a language has the names it has. */
const axisName = (axis: string) =>
  translate({
    id: `theme.bookplate.axis.${axis}`,
    message: axis.replace(/_/g, ' '),
  });

function levelWords(change: Change & { kind: 'level' | 'axis' }): string {
  const level = versionName(change.level);
  return change.kind === 'level'
    ? translate(
        {
          id: 'theme.bookplate.changes.level',
          message: 'Explanations: {level}',
          description: 'What the book shows; {level} is like "beginner"',
        },
        { level },
      )
    : translate(
        {
          id: 'theme.bookplate.changes.axis',
          message: 'Passages about {axis}: {level}',
          description: '{axis} is like "hardware", {level} like "beginner"',
        },
        { axis: axisName(change.axis), level },
      );
}

function wordsOf(change: Change, label: (text: Label) => string): string {
  switch (change.kind) {
    case 'level':
    case 'axis':
      return levelWords(change);
    case 'tab':
      return translate(
        {
          id: 'theme.bookplate.changes.tab',
          message: 'Code: {tab} first',
          description: 'Which tab of code examples is open',
        },
        { tab: label(change.tab) },
      );
    case 'notes':
      return translate(
        {
          id: 'theme.bookplate.changes.notes',
          message: 'Notes for: {notes}',
          description: 'Notes for readers who have something',
        },
        { notes: change.notes.map(label).join(', ') },
      );
    case 'gone':
      return translate(
        {
          id: 'theme.bookplate.changes.gone',
          message: 'No more notes for: {notes}',
          description: 'Notes for readers who have something',
        },
        { notes: change.notes.map(label).join(', ') },
      );
    default:
      return translate(
        {
          id: 'theme.bookplate.changes.other',
          message:
            'Other answers: {count}. No chapter asks for these yet, so they change nothing.',
          description: 'Answers that change nothing in the book',
        },
        { count: change.ids.length },
      );
  }
}

const only = (all: Given, ids: string[]): Given =>
  Object.fromEntries(ids.map((id) => [id, all[id]]));

export interface Props {
  change: Change;
  answering: Answering;
}

export default function ChangeLine({ change, answering }: Props): ReactNode {
  const { i18n } = useDocusaurusContext();
  const { answers, before, answer } = answering;
  const [after] = useState(() => only(answers, change.ids));
  const taken = change.ids.every(
    (id) => JSON.stringify(answers[id]) === JSON.stringify(before[id]),
  );
  const words = wordsOf(change, (text) => labelIn(text, i18n.currentLocale));
  return (
    <li className={taken ? styles.taken : undefined}>
      <span dir="auto">{words}</span>
      <button
        type="button"
        className="button button--sm button--secondary"
        onClick={() => void answer(taken ? after : only(before, change.ids))}
      >
        {taken ? (
          <Translate
            id="theme.bookplate.changes.redo"
            description="Makes a change again that was taken back"
          >
            Put back
          </Translate>
        ) : (
          <Translate
            id="theme.bookplate.changes.undo"
            description="Takes a change back, and the answers that made it"
          >
            Undo
          </Translate>
        )}
        <span className={styles.heard}>: {words}</span>
      </button>
    </li>
  );
}
