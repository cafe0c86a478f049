/** While somebody rests on a command or focuses it, the machine is asked what it would do. */
import { useRef, useState } from 'preact/hooks';
import { preview } from '../api/act.ts';
import type { Consequence } from '../api/types.ts';

/** Passing over a button asks nothing. */
const restMs = 120;

export type Foretelling = {
  told: Consequence | null;
  consider: (kind: string, id: string, verb: string, body?: Record<string, unknown>) => void;
  forget: () => void;
};

/** @param onTold hears each answer, and null when it no longer counts. */
export const useForetold = (onTold: (told: Consequence | null) => void = () => undefined): Foretelling => {
  const [told, setTold] = useState<Consequence | null>(null);
  const resting = useRef(0);
  /** Answers of earlier questions are not shown. */
  const question = useRef(0);
  const tell = (answer: Consequence | null): void => {
    setTold(answer);
    onTold(answer);
  };
  const ask = async (mine: number, ...asked: Parameters<typeof preview>): Promise<void> => {
    const answer = await preview(...asked);
    if (answer.ok && mine === question.current) tell(answer.data);
  };
  return {
    told,
    consider: (kind, id, verb, body = {}) => {
      clearTimeout(resting.current);
      const mine = ++question.current;
      resting.current = window.setTimeout(() => void ask(mine, kind, id, verb, body), restMs);
    },
    forget: () => {
      clearTimeout(resting.current);
      question.current += 1;
      tell(null);
    },
  };
};
