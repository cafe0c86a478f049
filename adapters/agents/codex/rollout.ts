/**
 * Lines of the file in which Codex keeps a conversation (its "rollout", one JSON object a line; format of 0.169.0, not documented by its makers).
 * It tells what no hook tells, errors, limits and tokens, and what hooks told while nobody listened.
 */
import { z } from 'zod';
import type { Listening, Sign } from '../../../src/ports/agent-hooks.ts';
import { failureSign, turnError } from './failure.ts';

const text = z.object({ text: z.string().catch('') });
const tokens = z.int().nonnegative().catch(0);
const payload = z.discriminatedUnion('type', [
  z.object({ type: z.literal('item_completed'), item: z.object({ type: z.string(), content: z.array(text).catch([]) }) }),
  z.object({ type: z.literal('task_complete'), last_agent_message: z.string().nullish(), error: turnError.nullish() }),
  z.object({ type: z.literal('turn_aborted'), reason: z.string() }),
  z.object({ type: z.literal('function_call_output'), call_id: z.string() }),
  z.object({ type: z.literal('custom_tool_call_output'), call_id: z.string() }),
]);
const usage = z.object({
  thread_id: z.string(),
  response_id: z.string(),
  model: z.string().optional(),
  usage: z.object({ input_tokens: tokens, cached_input_tokens: tokens, cache_write_input_tokens: tokens, output_tokens: tokens }),
});
const line = z.object({ timestamp: z.iso.datetime(), ordinal: z.int(), type: z.string(), payload: z.unknown() });

/** Longer lines are whole requests and images: they say nothing to us. */
const LONGEST = 4 * 1024 * 1024;

export const readRolloutLine: Listening['readLine'] = (raw) => {
  if (raw.length > LONGEST) return null;
  const read = line.safeParse(parse(raw)).data;
  if (!read) return null;
  const at = Date.parse(read.timestamp);
  const signs = read.type === 'token_usage_record' ? usedIn(read.payload) : signsOf(read.payload, at);
  return signs.length > 0 ? { id: `${at}.${read.ordinal}`, at, signs } : null;
};

const parse = (raw: string): unknown => {
  try {
    return JSON.parse(raw);
  } catch {
    // Cut off in the middle: the program was killed while it wrote.
    return null;
  }
};

const signsOf = (raw: unknown, at: number): Sign[] => {
  const read = payload.safeParse(raw).data;
  switch (read?.type) {
    case 'item_completed': {
      const words = read.item.content.map((part) => part.text).join('\n');
      if (words.trim() === '') return [];
      if (read.item.type === 'UserMessage') return [{ type: 'prompted', text: words }];
      return read.item.type === 'AgentMessage' ? [{ type: 'said', text: words.trim() }] : [];
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [{ type: 'decided', use: read.call_id }];
    case 'task_complete':
      return [
        read.error ? failureSign(read.error, at) : { type: 'turnEnded', summary: read.last_agent_message?.trim() || null, more: false },
      ];
    case 'turn_aborted':
      // A prompt that was typed into a running turn replaces it: then it goes on.
      return read.reason === 'interrupted' ? [{ type: 'interrupted', detail: 'its conversation says that a person interrupted it' }] : [];
    default:
      return [];
  }
};

const usedIn = (raw: unknown): Sign[] => {
  const read = usage.safeParse(raw).data;
  if (!read) return [];
  const { input_tokens, cached_input_tokens, cache_write_input_tokens, output_tokens } = read.usage;
  return [
    {
      type: 'used',
      usage: {
        id: `${read.thread_id}:${read.response_id}`,
        model: read.model ?? null,
        // What came from its cache is counted in.
        input: Math.max(0, input_tokens - cached_input_tokens - cache_write_input_tokens),
        output: output_tokens,
        cacheRead: cached_input_tokens,
        cacheWrite: cache_write_input_tokens,
        costMicroUsd: null,
      },
    },
  ];
};
