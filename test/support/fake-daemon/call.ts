/** What a route is given and gives. */
import type { z } from 'zod';
import * as contract from '../../../src/api/contract/index.ts';
import type { House } from './house.ts';

export type Call = { house: House; url: string; query: Record<string, string>; body: unknown; dry: boolean; signal: AbortSignal };
export type Answer = { data: unknown; schema: z.ZodType; meta?: Record<string, unknown> };
export type Handler = (call: Call, ...parts: string[]) => Answer | Promise<Answer>;
/** `GET /tasks/:t` and what answers it. */
export type Route = readonly [pattern: string, handler: Handler];

export const foreseen = (consequence: string, becomes: string, legal = true): Answer => ({
  schema: contract.consequence,
  data: { dryRun: true, legal, consequence, becomes, effects: legal && becomes !== '' ? ['agent.stop'] : [], timers: [], transitions: [] },
});
