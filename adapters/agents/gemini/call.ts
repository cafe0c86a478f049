/** Calls of tools, in the words of a person and as keys by which one is recognised again. */

import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { firstOf } from '../../../src/lib/cut-text.ts';

export const toolInput = z.record(z.string(), z.unknown());
type ToolInput = z.infer<typeof toolInput>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One line for lists: `run_shell_command: npm test`. */
export const shortCall = (tool: string, input: ToolInput): string => {
  const target = ['command', 'file_path', 'path', 'dir_path', 'pattern', 'query', 'prompt', 'url', 'name', 'title']
    .map((key) => asText(input[key]))
    .find((text) => text !== '');
  return target ? `${tool}: ${firstOf(target.replaceAll(/\s+/gu, ' '), 200)}` : tool;
};

/**
 * What makes a call the one that is asked about: a dialog names no tool, but the command or the file. Two calls that share a key are asked about
 * one after the other.
 */
export const callKey = (tool: string, input: ToolInput, cwd: string): string => {
  if (tool === 'run_shell_command') return `exec ${asText(input['command'])}`;
  const file = asText(input['file_path']);
  if ((tool === 'write_file' || tool === 'replace') && file !== '') return `edit ${isAbsolute(file) ? file : join(cwd, file)}`;
  return tool.startsWith('mcp_') ? `mcp ${tool}` : tool;
};

/** What a dialog tells of itself, by its kind. */
export const dialog = z.discriminatedUnion('type', [
  z.object({ type: z.literal('exec'), command: z.string() }),
  z.object({ type: z.literal('edit'), filePath: z.string(), newContent: z.string().catch(''), fileDiff: z.string().catch('') }),
  z.object({ type: z.literal('mcp'), serverName: z.string(), toolName: z.string() }),
  z.object({ type: z.literal('info'), prompt: z.string().catch(''), urls: z.array(z.string()).catch([]) }),
]);
export type Dialog = z.infer<typeof dialog>;

const LONGEST = 18_000;

type Asks = { call: string; tool: string; text: string; subject?: string };

/** The same key as the call's, the tool's name, all a person needs to decide, and what alone a rule is held against. */
export const asks = (about: Dialog, cwd: string): Asks => {
  const within = (path: string): string => (cwd.length > 1 && path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path);
  switch (about.type) {
    case 'exec':
      return { call: `exec ${about.command}`, tool: 'run_shell_command', text: firstOf(about.command, LONGEST), subject: about.command };
    case 'edit': {
      // A new file is shown as it will be, a changed one by what changes.
      const isNew = /^@@ -0,0 /mu.test(about.fileDiff);
      const body = isNew ? about.newContent : about.fileDiff.replace(/^[\s\S]*?(?=^@@ )/mu, '');
      const text = firstOf(`${within(about.filePath)}\n\n${body}`, LONGEST);
      return { call: `edit ${about.filePath}`, tool: isNew ? 'write_file' : 'replace', text, subject: within(about.filePath) };
    }
    case 'mcp': {
      const tool = `mcp_${about.serverName}_${about.toolName}`;
      return { call: `mcp ${tool}`, tool, text: `${about.toolName} of the server ${about.serverName}` };
    }
    case 'info':
      return { call: 'web_fetch', tool: 'web_fetch', text: firstOf([about.prompt, ...about.urls].filter(Boolean).join('\n'), LONGEST) };
  }
};

const asked = z.object({
  questions: z
    .array(
      z.object({ question: z.string(), options: z.array(z.object({ label: z.string(), description: z.string().optional() })).catch([]) }),
    )
    .min(1),
});

/** The questions of `ask_user`; null for any other call. `choices` only where one of them is the whole answer. */
export const questionIn = (tool: string, input: ToolInput): { text: string; choices: string[] } | null => {
  const questions = tool === 'ask_user' ? asked.safeParse(input).data?.questions : undefined;
  if (!questions) return null;
  const text = questions
    .map(({ question, options }) =>
      [question, ...options.map(({ label, description }) => `  - ${label}${description ? `: ${description}` : ''}`)].join('\n'),
    )
    .join('\n\n');
  const choices = questions.length === 1 ? (questions[0]?.options ?? []).slice(0, 20).map(({ label }) => firstOf(label, 500)) : [];
  return { text: firstOf(text, LONGEST), choices };
};
