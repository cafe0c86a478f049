/** What a line of the transcript says about tokens. One request stands in several lines (one a block), each with its figures so far. */
import { z } from 'zod';
import type { Sign } from '../../../src/ports/agent-hooks.ts';

const tokens = z.int().nonnegative().catch(0);
const message = z.object({
  id: z.string().min(1),
  model: z.string().optional(),
  usage: z.object({
    input_tokens: tokens,
    output_tokens: tokens,
    cache_read_input_tokens: tokens,
    cache_creation_input_tokens: tokens,
  }),
});

/** Messages that the program makes up itself (an error in words) have this model and cost nothing. */
const ITS_OWN = '<synthetic>';

export const usageIn = (raw: unknown): Sign[] => {
  const read = message.safeParse(raw).data;
  if (!read || read.model === ITS_OWN) return [];
  const { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens } = read.usage;
  if (input_tokens + output_tokens + cache_read_input_tokens + cache_creation_input_tokens === 0) return [];
  const usage = {
    id: read.id,
    model: read.model ?? null,
    input: input_tokens,
    output: output_tokens,
    cacheRead: cache_read_input_tokens,
    cacheWrite: cache_creation_input_tokens,
    costMicroUsd: null,
  };
  return [{ type: 'used', usage }];
};
