/** How a route is declared: access, summary, shapes. What every route shares is added here. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CcmError, type Result } from '../../errors.ts';
import { type Meta, problemDocument } from '../contract/envelope.ts';
import { problemType } from './problem.ts';

export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

/** Nothing may be asked for in the query: a mistyped parameter is told, not ignored. */
export const noQuery = z.strictObject({});

/** Declared answers: the success, and the one shape of trouble. */
export const answers = <S extends z.ZodType>(data: S) => ({
  200: data,
  default: { description: 'Trouble: `code` says which, `next` what to do', content: { [problemType]: { schema: problemDocument } } },
});

/** At the edge a returned problem becomes the thrown one that the error handler answers. */
export const must = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new CcmError(result.problem.code, result.problem.detail, result.problem.extra);
};

export const body = <T>(data: T, meta: Meta = {}): { data: T; meta: Meta } => ({ data, meta });
