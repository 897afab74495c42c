// SPDX-License-Identifier: Apache-2.0
// What is being typed. It is given as an answer after a pause, when the field is
// left, on Enter and when the question goes away, and is never typed over.
import {
  useEffect,
  useRef,
  useState,
  type ChangeEvent,
  type KeyboardEvent,
} from 'react';

const PAUSE_MS = 1000;

export interface Draft {
  value: string;
  onChange(event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>): void;
  onBlur(): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** `give` is called with a text other than `stored`, once for each. */
export function useDraft(stored: string, give: (text: string) => void): Draft {
  const [draft, setDraft] = useState<string | null>(null);
  const latest = useRef(() => {});
  const given = useRef(stored);
  latest.current = () => {
    const text = draft?.trim();
    if (text !== undefined && text !== stored && text !== given.current) {
      given.current = text;
      give(text);
    }
  };
  useEffect(() => {
    given.current = stored;
  }, [stored]);
  useEffect(() => {
    const timer = setTimeout(() => latest.current(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  useEffect(() => () => latest.current(), []);
  return {
    value: draft ?? stored,
    onChange: ({ target }) => setDraft(target.value),
    onBlur() {
      latest.current();
      if (draft?.trim() === stored) {
        setDraft(null); // from now on it follows what is stored
      }
    },
    onKeyDown({ key }) {
      if (key === 'Enter') {
        latest.current();
      }
    },
  };
}
