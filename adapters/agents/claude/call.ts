/** Calls of tools, in the words of a person and as keys by which one is recognised again. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { firstOf } from '../../../src/lib/cut-text.ts';

export const toolInput = z.record(z.string(), z.unknown());
type ToolInput = z.infer<typeof toolInput>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a tool works on: a command, a file, an address. */
export const targetOf = (input: ToolInput): string =>
  ['command', 'file_path', 'notebook_path', 'path', 'url', 'pattern', 'query', 'skill', 'description', 'plan']
    .map((key) => asText(input[key]))
    .find((text) => text !== '') ?? '';

/** One line for lists: `Bash: npm test`. */
export const shortCall = (tool: string, input: ToolInput): string => {
  const target = firstOf(targetOf(input).replaceAll(/\s+/gu, ' '), 200);
  return target === '' ? tool : `${tool}: ${target}`;
};

/** All a person needs to decide beside the tool's name: its target and what would be written. */
export const wholeCall = (tool: string, input: ToolInput): string => {
  const body = asText(input['content']) || asText(input['new_string']) || asText(input['new_source']);
  const reason = tool === 'Bash' ? asText(input['description']) : '';
  const target = targetOf(input) || JSON.stringify(input);
  return firstOf([target, reason && `(${reason})`, body && `\n${body}`].filter(Boolean).join('\n'), 18_000);
};

/** The same call has the same key. Answers to a question are put into its input: only what was asked counts. */
export const callKey = (tool: string, input: ToolInput): string => {
  const counted = tool === 'AskUserQuestion' ? { questions: input['questions'] } : input;
  return createHash('sha256')
    .update(`${tool} ${JSON.stringify(counted)}`)
    .digest('hex')
    .slice(0, 32);
};

const asked = z.object({
  questions: z
    .array(
      z.object({ question: z.string(), options: z.array(z.object({ label: z.string(), description: z.string().optional() })).catch([]) }),
    )
    .min(1),
});
export type Asked = z.infer<typeof asked>['questions'];

/** The questions of AskUserQuestion; null for any other call. */
export const questionsIn = (tool: string, input: ToolInput): Asked | null =>
  tool === 'AskUserQuestion' ? (asked.safeParse(input).data?.questions ?? null) : null;

export const questionText = (questions: Asked): string =>
  firstOf(
    questions
      .map(({ question, options }) =>
        [question, ...options.map(({ label, description }) => `  - ${label}${description ? `: ${description}` : ''}`)].join('\n'),
      )
      .join('\n\n'),
    18_000,
  );

/** One line of the answer per question; a single line answers them all. */
export const answersTo = (questions: Asked, text: string): Record<string, string> => {
  const lines = questions.length === 1 ? [text] : text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(questions.map(({ question }, index) => [question, (lines[index] ?? lines.at(-1) ?? text).trim()]));
};
