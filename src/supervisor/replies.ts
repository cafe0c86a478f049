/** The few shapes a handler answers with. */
import type { HandlerResult } from '../../machines/effects.ts';
import { catalogue, type Problem } from '../errors.ts';

export const told = (type: string, fields: Record<string, unknown> = {}): HandlerResult => ({ outcomes: [{ event: { type, ...fields } }] });
export const tell = (to: string, type: string, fields: Record<string, unknown> = {}): HandlerResult => ({
  outcomes: [{ to, event: { type, ...fields } }],
});
export const silent: HandlerResult = { outcomes: [] };

export const mayPass = (problem: Problem): boolean => catalogue[problem.code].kind === 'retry';
/** The effect itself failed: tried again when the catalogue says that can help. */
export const trouble = (problem: Problem, retry = mayPass(problem)): HandlerResult => ({
  problem: { code: problem.code, detail: problem.detail },
  retry,
});
