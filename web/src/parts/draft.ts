/** What was typed and not sent yet, by what it is for: it outlives its field, a reload and the daemon. It belongs to this tab. */
import { useState } from 'preact/hooks';

const place = (name: string): string => `ccm.draft.${name}`;

const keep = (name: string, text: string): void => {
  try {
    if (text === '') sessionStorage.removeItem(place(name));
    else sessionStorage.setItem(place(name), text);
  } catch {
    // Storage is full or forbidden: it stands in its field all the same.
  }
};

const kept = (name: string): string => {
  try {
    return sessionStorage.getItem(place(name)) ?? '';
  } catch {
    // Forbidden by the browser's settings.
    return '';
  }
};

/** The text, and what changes it; the empty text is none. */
export const useDraft = (name: string): readonly [string, (text: string) => void] => {
  const [text, setText] = useState(() => kept(name));
  const change = (next: string): void => {
    keep(name, next);
    setText(next);
  };
  return [text, change];
};
