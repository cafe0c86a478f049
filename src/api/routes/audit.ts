/** The book of who did what. */
import { z } from 'zod';
import type { AuditBook } from '../../ports/records.ts';
import { auditQuery, auditRow } from '../contract/audit.ts';
import { reply } from '../contract/envelope.ts';
import { type Api, answers, body } from '../http/route.ts';

export const auditRoutes = (app: Api, { book }: { book: AuditBook }): void => {
  app.get(
    '/audit',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'Who did what, newest first; `meta.next`, where there is more, is the next `before`',
        querystring: auditQuery,
        response: answers(reply(z.array(auditRow))),
      },
    },
    (request) => {
      const rows = book.list(request.query);
      const last = rows.length === request.query.limit ? rows.at(-1) : undefined;
      return body(rows, { next: last ? String(last.id) : null });
    },
  );
};
