/**
 * Lines of the session file that Gemini CLI keeps (one JSON object each; format of 0.61.0, not documented by its makers). It alone tells how a turn
 * ended. What it says of prompts is not read: after an interruption the program writes the whole talk down once more, with new times.
 */

import { z } from 'zod';
import { firstOf } from '../../../src/lib/cut-text.ts';
import type { Listening, Sign } from '../../../src/ports/agent-hooks.ts';
import { failureSign } from './failure.ts';

const count = z.int().nonnegative().catch(0);
const line = z.object({
  id: z.string().min(1),
  timestamp: z.iso.datetime(),
  type: z.enum(['gemini', 'error', 'warning', 'info']),
  /** Text of a message as it came; what is written down once more has parts. */
  content: z.string(),
  model: z.string().optional(),
  tokens: z.object({ input: count, output: count, cached: count, thoughts: count, tool: count }).nullish(),
});

/** Said in passing, and the turn is over without its end: cut off, forbidden, going in circles, too long. */
const brokenOff =
  /^\W*Response (?:truncated|stopped)|potential loop was detected[\s\S]*halted|maximum number of turns|^Sending this message \(|^Agent execution (?:stopped|blocked)/u;

/** Longer lines are whole histories: they say nothing to us. */
const LONGEST = 4 * 1024 * 1024;

export const readConversationLine: Listening['readLine'] = (text) => {
  if (text.length > LONGEST) return null;
  const read = line.safeParse(parse(text)).data;
  if (!read) return null;
  const at = Date.parse(read.timestamp);
  const signs = signsOf(read, at);
  return signs.length > 0 ? { id: read.id, at, signs } : null;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off in the middle: the program was killed while it wrote.
    return null;
  }
};

const signsOf = (read: z.infer<typeof line>, at: number): Sign[] => {
  const words = read.content.trim();
  if (read.type === 'error') return [failureSign(words, at)];
  if (read.type !== 'gemini') {
    if (words === 'Request cancelled.') return [{ type: 'interrupted', detail: 'its session file says that its request was cancelled' }];
    return brokenOff.test(words) ? [{ type: 'failed', detail: firstOf(words, 2_000) }] : [];
  }
  return [...(words === '' ? [] : [{ type: 'said' as const, text: words }]), ...usageIn(read)];
};

const usageIn = ({ id, model, tokens }: z.infer<typeof line>): Sign[] => {
  if (!tokens || tokens.input + tokens.output + tokens.thoughts + tokens.tool === 0) return [];
  const usage = {
    id,
    model: model ?? null,
    // Its input counts what came from the cache, its output leaves thinking out.
    input: Math.max(0, tokens.input - tokens.cached) + tokens.tool,
    output: tokens.output + tokens.thoughts,
    cacheRead: tokens.cached,
    cacheWrite: 0,
    costMicroUsd: null,
  };
  return [{ type: 'used', usage }];
};
