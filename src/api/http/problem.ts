/** Trouble as an RFC 9457 document: the one shape of every answer that is not a success. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { CcmError, catalogue, ensureError, type Problem } from '../../errors.ts';
import type { Log } from '../../ports/system.ts';
import type { ProblemDocument } from '../contract/envelope.ts';

export const problemType = 'application/problem+json';

/** Extras may add members, never replace one of the fixed ones; but a next step that fits the very case goes before the general one. */
export const problemDocument = ({ code, detail, extra }: Problem, instance: string): ProblemDocument => {
  const { status, title, next: general } = catalogue[code];
  const next = typeof extra?.['next'] === 'string' ? extra['next'] : general;
  return { ...extra, type: `urn:ccm:${code}`, title, status, detail, code, next, instance };
};

const codes = new WeakMap<FastifyRequest, string>();
/** The problem a request was answered with. */
export const codeOf = (request: FastifyRequest): string | undefined => codes.get(request);

export const sendProblem = (request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply => {
  codes.set(request, problem.code);
  const document = problemDocument(problem, pathOf(request.raw.url));
  if (document.code === 'CCM_UNAUTHORIZED') void reply.header('www-authenticate', 'Bearer realm="ccm"');
  return reply.code(document.status).type(problemType).header('cache-control', 'no-store').send(JSON.stringify(document));
};

/** The query may hold what a person typed: it stays out of answers and logs. */
const pathOf = (url: string | undefined): string => (url ?? '/').split('?', 1)[0]?.slice(0, 500) ?? '/';

/** What broke inside is logged here, once, with its stack; nothing of it is in the answer. */
export const handleErrors = (app: FastifyInstance, log: Pick<Log, 'error'>): void => {
  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    const problem = problemOfRequest(ensureError(error));
    if (catalogue[problem.code].status >= 500) {
      const { stack, message } = ensureError(error);
      log.error(
        { code: problem.code, method: request.method, route: request.routeOptions.url ?? null, stack: stack ?? message },
        'a request failed',
      );
    }
    return sendProblem(request, reply, problem);
  });
};

const problemOfRequest = (error: Error & Partial<FastifyError>): Problem => {
  if (error instanceof CcmError) return error.problem;
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { code: 'CCM_TOO_LARGE', detail: 'The body is larger than 2 MiB.' };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { code: 'CCM_MEDIA_TYPE', detail: 'Send the body as application/json.' };
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return { code: 'CCM_BAD_INPUT', detail: 'The body is not valid JSON.', extra: { field: 'body' } };
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return { code: 'CCM_BAD_INPUT', detail: 'The body is not as long as Content-Length says.' };
    default:
  }
  if (error.statusCode === 429) return { code: 'CCM_RATE_LIMITED', detail: error.message };
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return { code: 'CCM_BAD_INPUT', detail: sentence(error.message) };
  // What broke inside stands in the log, not in the answer.
  return { code: 'CCM_INTERNAL', detail: 'The request could not be carried out.' };
};

type Issue = { instancePath: string; message?: string; keyword?: string; params?: Record<string, unknown> };
type Field = { field: string; message: string };

/** `/after/0` → `after.0`. An unknown field is named itself, not the object it stands in. */
const fieldsOf = (issue: Issue, part: string): Field[] => {
  const path = issue.instancePath.split('/').filter(Boolean);
  const unknown = issue.keyword === 'unrecognized_keys' ? issue.params?.['keys'] : undefined;
  if (Array.isArray(unknown)) return unknown.map((key) => ({ field: [...path, String(key)].join('.'), message: 'is not known here' }));
  const words = plain(issue.message ?? 'is not valid');
  return [{ field: path.length === 0 ? part : path.join('.'), message: words }];
};

/** The library's words for a length or a bound, as a person says it. */
const plain = (message: string): string => {
  const [, way, kind, amount] = /^Too (big|small): expected (\w+) to (?:have|be) (?:[<>]=?)\s*(-?[\d.]+)/.exec(message) ?? [];
  if (amount === undefined) return message.replace(/^Invalid input: /, '');
  const least = way === 'small';
  if (kind === 'string')
    return least && amount === '1' ? 'must not be empty' : `must have at ${least ? 'least' : 'most'} ${amount} characters`;
  if (kind === 'array') return `must have at ${least ? 'least' : 'most'} ${amount} entries`;
  return `must be at ${least ? 'least' : 'most'} ${amount}`;
};

const invalid = (error: { validation: readonly Issue[]; validationContext?: string }): Problem => {
  const part = { body: 'body', querystring: 'query', params: 'path', headers: 'header' }[error.validationContext ?? 'body'] ?? 'body';
  const fields = error.validation.flatMap((issue) => fieldsOf(issue, part));
  const first = fields[0] ?? { field: part, message: 'is not valid' };
  const where = first.field === part ? `The ${part}` : `"${first.field}" in the ${part}`;
  const words = /^(?:is|must|needs) /.test(first.message) ? ` ${first.message}` : `: ${first.message}`;
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  return { code: 'CCM_BAD_INPUT', detail: `${where}${words}${more}.`, extra: { field: first.field, fields } };
};

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);
