/**
 * Lines of the transcript that Claude Code keeps (one JSON object each; format of 2.1.330, not documented by its makers). It tells what no hook
 * tells, interruptions, and what hooks told while nobody listened. Lines of subagents stand in other files.
 */
import { z } from 'zod';
import type { Listening, Sign } from '../../../src/ports/agent-hooks.ts';
import { failureSign } from './failure.ts';
import { usageIn } from './usage.ts';

const block = z.object({ type: z.string(), text: z.string().optional(), tool_use_id: z.string().optional() });
const line = z.object({
  type: z.string(),
  uuid: z.string(),
  timestamp: z.iso.datetime(),
  subtype: z.string().optional(),
  isSidechain: z.boolean().optional(),
  /** Where a prompt came from; what the program itself adds to the talk has none. */
  origin: z.looseObject({}).optional(),
  isApiErrorMessage: z.boolean().optional(),
  error: z.string().optional(),
  message: z.looseObject({ content: z.union([z.string(), z.array(block)]) }).optional(),
});
type Line = z.infer<typeof line>;

/** Longer lines are whole requests and images: they say nothing to us. */
const LONGEST = 4 * 1024 * 1024;

export const readConversationLine: Listening['readLine'] = (text) => {
  if (text.length > LONGEST) return null;
  const read = line.safeParse(parse(text)).data;
  if (!read || read.isSidechain) return null;
  const at = Date.parse(read.timestamp);
  const signs = signsOf(read, at);
  return signs.length > 0 ? { id: read.uuid, at, signs } : null;
};

/** A subagent's own file: of its lines only what it used counts here. */
export const readSubagentLine: Listening['readLine'] = (text) => {
  const read = text.length > LONGEST ? undefined : line.safeParse(parse(text)).data;
  if (read?.type !== 'assistant' || read.isApiErrorMessage) return null;
  const signs = usageIn(read.message);
  return signs.length > 0 ? { id: read.uuid, at: Date.parse(read.timestamp), signs } : null;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off in the middle: the program was killed while it wrote.
    return null;
  }
};

const signsOf = (read: Line, at: number): Sign[] => {
  if (read.type === 'system' && read.subtype === 'turn_duration') return [{ type: 'turnEnded', summary: null, more: false }];
  const content = read.message?.content ?? [];
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  const words = blocks.flatMap((one) => one.text ?? []).join('\n');
  if (read.type === 'assistant') {
    if (read.isApiErrorMessage) return [failureSign(read.error ?? 'unknown', words, at)];
    return [...(words.trim() === '' ? [] : [{ type: 'said' as const, text: words.trim() }]), ...usageIn(read.message)];
  }
  if (read.type !== 'user') return [];
  if (/^\[Request interrupted by user/mu.test(words))
    return [{ type: 'interrupted', detail: 'its transcript says that a person interrupted it' }];
  const results = blocks.flatMap((one) => (one.type === 'tool_result' && one.tool_use_id ? [one.tool_use_id] : []));
  if (results.length > 0) return results.map((use) => ({ type: 'wentOn', call: null, use }));
  return words.trim() === '' || !read.origin ? [] : [{ type: 'prompted', text: words }];
};
