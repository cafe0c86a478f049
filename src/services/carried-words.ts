/** What a fork is told of the conversation it comes from, as one prompt. Pure. */

import type { Message } from '../api/contract/message.ts';
import { firstOf } from '../lib/cut-text.ts';

type Source = {
  name: { title: string; short: string };
  prompt: string;
  messages: readonly Pick<Message, 'at' | 'text' | 'answer' | 'receipts'>[];
  /** What the agent said at the end; null when it had not ended then. */
  summary: string | null;
};

/** Characters: of one thing that was said, and of all of them. Programs take some prompts as an argument, which must stay far below 64 KiB. */
const longest = 4000;
const whole = 24_000;

const cut = (text: string): string => (text.length <= longest ? text : `${firstOf(text, longest)} […]`);
const quote = (text: string): string =>
  cut(text.trim())
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');

/** @param wanted what shall be done now; undefined: the same, once more. @param before leaves out what was said later (milliseconds). */
export const carriedWords = ({ name, prompt, messages, summary }: Source, wanted: string | undefined, before: number | null): string => {
  const heard = (at: number | undefined): boolean => before === null || (at !== undefined && at <= before);
  const said = messages
    .filter(({ at, text }) => heard(at) && text !== prompt)
    .flatMap(({ text, answer, receipts }) => [
      `A person said:\n${quote(text)}`,
      ...(answer !== null && heard(receipts['ANSWERED']) ? [`The agent answered:\n${quote(answer)}`] : []),
    ]);
  const first = messages.find(({ text }) => text === prompt);
  const answered = first?.answer && heard(first.receipts['ANSWERED']) ? [`The agent answered:\n${quote(first.answer)}`] : [];
  const parts = [
    `This goes on from another task, "${name.title}" (${name.short}). Its files are in your working folder already.`,
    `It was asked:\n${quote(prompt)}`,
    ...newest([...answered, ...said, ...(summary === null ? [] : [`At the end its agent said:\n${quote(summary)}`])]),
  ];
  return `${wanted ?? 'Take this up again, and go another way where the first one does not convince you.'}\n\n---\n${parts.join('\n\n')}\n`;
};

/** The last things said are the ones that matter when not all of them fit. */
const newest = (said: readonly string[]): string[] => {
  let left = whole;
  const kept = said.toReversed().filter((one) => (left -= one.length) >= 0);
  const gone = said.length - kept.length;
  return [...(gone > 0 ? [`(${gone} earlier things that were said are left out.)`] : []), ...kept.toReversed()];
};
