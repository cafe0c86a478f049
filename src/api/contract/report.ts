/** What an agent tells of itself (`ccm report`), and how it learns a decision. */
import { z } from 'zod';

const tokens = z.int().nonnegative().max(1_000_000_000).optional();
const used = z.strictObject({
  /** The program's own name of the request: told again it counts once. Default: every report is a request of its own. */
  request: z.string().min(1).max(200).optional(),
  model: z.string().min(1).max(100).optional(),
  input: tokens,
  output: tokens,
  cacheRead: tokens,
  cacheWrite: tokens,
  /** Millionths of a dollar, where the program knows. */
  costMicroUsd: tokens,
});

export const report = z
  .strictObject({
    report: z.enum(['ready', 'busy', 'progress', 'ask', 'done', 'fail', 'usage']),
    text: z.string().max(20_000).optional(),
    /** Answers offered with `ask`. */
    choices: z.array(z.string().max(500)).max(20).optional(),
    /** `ask`: yes or no is wanted, not an answer in words. */
    approval: z.boolean().optional(),
    /** `ask`: what it wants to use, for the rules of the policy. */
    tool: z.string().min(1).max(200).optional(),
    /** `usage`: what a request to a model took. */
    used: used.optional(),
    /** When it happened (a spooled report comes later). */
    at: z.int().nonnegative().optional(),
    /** Its own id: the same one twice counts once. */
    id: z.string().min(1).max(200).optional(),
  })
  .meta({ id: 'Report', examples: [{ report: 'progress', text: 'Running the tests' }] });
export type Report = z.infer<typeof report>;

export const reported = z.object({ ok: z.literal(true), /** Id to ask the decision with. */ approval: z.string().optional() });
export type Reported = z.infer<typeof reported>;

export const decision = z.object({ state: z.enum(['pending', 'allow', 'deny', 'answer', 'expire']), text: z.string().nullable() });
export type Decision = z.infer<typeof decision>;
export const decisionQuery = z.strictObject({
  /** Seconds to wait for the decision, 0–60. */
  wait: z.coerce.number().min(0).max(60).default(0),
});
