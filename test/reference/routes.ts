/** Every route, from the description the interface gives of itself. */
import { code, made, table } from './markdown.ts';

type Parameter = { name: string; in: string; required?: boolean; description?: string };
type Operation = {
  summary?: string;
  description?: string;
  tags?: readonly string[];
  parameters?: readonly Parameter[];
  requestBody?: { content: Record<string, { schema: { $ref?: string } }> };
};
export type OpenApi = { paths: Record<string, Record<string, Operation>> };

const takes = ({ parameters = [], requestBody }: Operation): string => {
  const asked = parameters.filter((parameter) => parameter.in === 'query').map(({ name, required }) => code(required ? name : `${name}?`));
  const body = requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1);
  return [...asked, ...(body ? [`body ${code(body)}`] : requestBody ? ['body'] : [])].join(', ');
};
const scope = (description = ''): string => /`(\w+)`/.exec(description)?.[1] ?? (description.includes('agent') ? 'agent' : 'open');

export const routesPage = ({ paths }: OpenApi): string => {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const tags = [...new Set(rows.map(({ operation }) => operation.tags?.[0] ?? ''))].toSorted();
  return [
    '# HTTP interface',
    '',
    `${made} A running daemon serves the whole of it, with the shapes, at \`/openapi.json\`, and to try at \`/docs\`.`,
    '',
    'Success is `{data, meta}`; trouble is a problem document (RFC 9457) with a `CCM_…` code. Times are milliseconds since 1970, UTC. Every POST and',
    'DELETE takes an `Idempotency-Key`. With `dry_run=true`, where it is offered, a command tells its consequence and does nothing. A token goes into',
    '`Authorization: Bearer …` (`ccm token add`, or the file `token` of the home).',
    '',
    ...tags.flatMap((tag) => [
      `## ${tag}`,
      '',
      ...table(
        ['', 'what it does', 'takes', 'scope'],
        rows
          .filter(({ operation }) => operation.tags?.[0] === tag)
          .map(({ path, method, operation }) => [
            code(`${method} ${path}`),
            operation.summary ?? '',
            takes(operation),
            scope(operation.description),
          ]),
      ),
      '',
    ]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
};
