// SPDX-License-Identifier: Apache-2.0
// One question with the reader's answer, which can be changed where it stands.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import {
  labelIn,
  type Answer,
  type Question as Asked,
} from 'docusaurus-theme-bookplate/client';
import Question from '@theme/Bookplate/Question';

import styles from './styles.module.css';
import { answerInWords } from './words';

export interface Props {
  question: Asked;
  answer: Answer | undefined;
  error?: string;
  onAnswer(answer: Answer | undefined): void;
  /** What came of the last change. */
  children?: ReactNode;
}

function NoAnswer(): ReactNode {
  return (
    <em>
      <Translate
        id="theme.bookplate.account.background.open"
        description="In place of an answer that was not given"
      >
        No answer
      </Translate>
    </em>
  );
}

function Why({ text }: { text: string }): ReactNode {
  return (
    <p className={styles.why}>
      <Translate
        id="theme.bookplate.account.background.why"
        description="Before the reason why a question is asked"
      >
        Why we ask:
      </Translate>{' '}
      <span dir="auto">{text}</span>
    </p>
  );
}

const changeLabel = (question: string) =>
  translate(
    {
      id: 'theme.bookplate.account.background.changeNamed',
      message: 'Change: {question}',
      description: 'What the button that changes one answer is called',
    },
    { question },
  );

const removeLabel = (question: string) =>
  translate(
    {
      id: 'theme.bookplate.account.background.removeNamed',
      message: 'Remove the answer: {question}',
      description: 'What the button that removes one answer is called',
    },
    { question },
  );

function Shown({ question, answer, onAnswer, onEdit }: ShownProps): ReactNode {
  const locale = useDocusaurusContext().i18n.currentLocale;
  const label = labelIn(question.label, locale);
  const why = labelIn(question.why, locale);
  return (
    <>
      <h3 className={styles.question} dir="auto">
        {label}
      </h3>
      <p className={styles.answer} dir="auto">
        {answer === undefined ? (
          <NoAnswer />
        ) : (
          answerInWords(question, answer, locale)
        )}
      </p>
      {why !== '' && <Why text={why} />}
      <button
        type="button"
        className="button button--secondary button--sm"
        aria-label={changeLabel(label)}
        onClick={onEdit}
      >
        <Translate
          id="theme.bookplate.account.background.change"
          description="Changes one answer"
        >
          Change
        </Translate>
      </button>{' '}
      {answer !== undefined && (
        <button
          type="button"
          className="button button--secondary button--sm"
          aria-label={removeLabel(label)}
          onClick={() => onAnswer(undefined)}
        >
          <Translate
            id="theme.bookplate.account.background.remove"
            description="Removes one answer"
          >
            Remove
          </Translate>
        </button>
      )}
    </>
  );
}

interface ShownProps extends Props {
  onEdit(): void;
}

function Edited(props: Props & { onDone(): void }): ReactNode {
  const { question, answer, error, onAnswer, onDone } = props;
  return (
    <>
      <Question
        question={question}
        value={answer}
        error={error}
        why
        onAnswer={onAnswer}
      />
      <button
        type="button"
        className="button button--secondary button--sm"
        onClick={onDone}
      >
        <Translate
          id="theme.bookplate.account.background.done"
          description="Ends changing one answer; it was saved already"
        >
          Done
        </Translate>
      </button>
    </>
  );
}

export default function Item(props: Props): ReactNode {
  const [editing, setEditing] = useState(false);
  const item = useRef<HTMLLIElement>(null);
  const was = useRef(editing);
  useEffect(() => {
    if (was.current !== editing) {
      // The button that was used is gone: on to the answer, or back to it.
      const next = editing ? 'input, textarea, select' : 'button';
      item.current?.querySelector<HTMLElement>(next)?.focus();
    }
    was.current = editing;
  }, [editing]);
  const open = editing || props.error !== undefined;
  return (
    <li ref={item} className={styles.item}>
      {open ? (
        <Edited {...props} onDone={() => setEditing(false)} />
      ) : (
        <Shown {...props} onEdit={() => setEditing(true)} />
      )}
      {props.children}
    </li>
  );
}
