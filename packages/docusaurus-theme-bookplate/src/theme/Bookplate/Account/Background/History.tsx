// SPDX-License-Identifier: Apache-2.0
// What changed when, behind a disclosure; asked for when it is opened.
import { useEffect, useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import {
  askAsReader,
  labelIn,
  questionsOf,
  useAttempt,
  useDates,
  useProfile,
  type Answer,
  type Questionnaire,
} from 'docusaurus-theme-bookplate/client';
import Problem from '@theme/Bookplate/Problem';

import styles from './styles.module.css';
import { answerInWords } from './words';

/** GET /api/profile/history */
interface Change {
  version: number;
  at: string;
  actor: string;
  /** Question -> the answer before and since. */
  changes: Record<string, [Answer | null, Answer | null]>;
}

function actorInWords(actor: string): string {
  return actor === 'self'
    ? ''
    : translate({
        id: 'theme.bookplate.account.history.others',
        message: 'by whoever runs this book',
        description: 'Behind a change that an administrator made',
      });
}

const nothing = () =>
  translate({
    id: 'theme.bookplate.account.history.nothing',
    message: 'no answer',
    description: 'In "no answer → Expert", in the list of changes',
  });

interface EntryProps {
  change: Change;
  questionnaire: Questionnaire;
}

function Entry({ change, questionnaire }: EntryProps): ReactNode {
  const locale = useDocusaurusContext().i18n.currentLocale;
  const { moment } = useDates();
  const questions = questionsOf(questionnaire);
  const asked = (id: string) => questions.find((one) => one.id === id);
  const words = (id: string, answer: Answer | null) =>
    answer === null ? nothing() : answerInWords(asked(id), answer, locale);
  return (
    <li className={styles.item}>
      <time dateTime={change.at}>{moment(change.at)}</time>{' '}
      {actorInWords(change.actor)}
      <ul>
        {Object.entries(change.changes).map(([id, [before, since]]) => (
          <li key={id}>
            <span dir="auto">{labelIn(asked(id)?.label ?? id, locale)}</span>{' '}
            <span className={styles.why}>
              <bdi>{words(id, before)}</bdi> → <bdi>{words(id, since)}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

function List(props: {
  changes: Change[] | null;
  questionnaire: Questionnaire;
}): ReactNode {
  const { changes, questionnaire } = props;
  return changes?.length === 0 ? (
    <p>
      <Translate
        id="theme.bookplate.account.history.none"
        description="When no answer was ever changed"
      >
        Nothing was answered yet.
      </Translate>
    </p>
  ) : (
    <ol className="clean-list">
      {changes?.map((change) => (
        <Entry
          key={change.version}
          change={change}
          questionnaire={questionnaire}
        />
      ))}
    </ol>
  );
}

export default function History({
  questionnaire,
}: {
  questionnaire: Questionnaire;
}): ReactNode {
  const { problem, attempt } = useAttempt();
  const { profile } = useProfile();
  const [open, setOpen] = useState(false);
  const [changes, setChanges] = useState<Change[] | null>(null);
  const load = async () => {
    const found = await askAsReader<{ history: Change[] }>(
      '/api/profile/history',
    );
    setChanges(found.history);
  };
  const version = profile?.version;
  useEffect(() => {
    if (open) {
      void attempt(load);
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- each version once
  }, [open, version]);
  return (
    <details
      className="margin-top--md"
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        <Translate
          id="theme.bookplate.account.history"
          description="Opens the list of what changed in the answers"
        >
          What changed when
        </Translate>
      </summary>
      <Problem problem={problem} />
      <List changes={changes} questionnaire={questionnaire} />
    </details>
  );
}
