/** One step of an actor: what came in, where it went, what it changed. */
import type { ActorAt } from '../api/contract/index.ts';
import { localTime } from './age.ts';
import { byText } from './by.ts';
import type { Cli } from './cli.ts';
import { stateText } from './state-lines.ts';
import { statusCell } from './status.ts';
import { pairs } from './table.ts';
import { cut, oneLine } from './width.ts';

/** XState's own first event has a name of its own. */
export const eventText = (type: string): string => (type === 'xstate.init' ? 'CREATED' : type);

/** `task.starting.preparing|WORKSPACE_READY|0` → `starting.preparing on WORKSPACE_READY`; without an event: always. */
export const edgeText = (edge: string): string => {
  const [from = '', event = ''] = edge.split('|');
  const place = from.split('.').slice(1).join('.') || from;
  return edge.includes('|') ? `${place} ${event === '' ? 'at once' : `on ${event}`}` : edge;
};

export const stepLines = (cli: Cli, step: ActorAt): string[] => {
  const { paint } = cli;
  const { type, id: _id, at: _at, by: _by, ...fields } = step.event;
  return [
    ...pairs(
      [
        ['step', `${step.seq} of ${step.kind}, ${localTime(step.at)}`],
        ['event', { text: eventText(type), paint: paint.bold }],
        ['by', byText(step.by)],
        ['with', Object.keys(fields).length === 0 ? null : cut(JSON.stringify(fields), 400)],
        ['from', step.previous ? stateText(step.previous.value) : 'nothing: it was made by this step'],
        ['to', stateText(step.value)],
        ['status', statusCell(step.status, paint)],
        ['taken', step.transitions.map(edgeText).join(', then ')],
      ],
      cli.columns(),
      paint.dim,
    ),
    ...changes(cli, step.previous?.context ?? {}, step.context),
  ];
};

/** Fields of the context that are different after the step. */
const changes = (cli: Cli, before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] => {
  const { paint } = cli;
  const lines: string[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [JSON.stringify(before[key]), JSON.stringify(after[key])];
    if (was === is) continue;
    const line = (sign: string, text: string): string => cut(oneLine(`${sign} ${key}: ${text}`), cli.columns() - 2);
    if (was !== undefined) lines.push(`  ${paint.red(line('-', was))}`);
    if (is !== undefined) lines.push(`  ${paint.green(line('+', is))}`);
  }
  return lines.length === 0 ? [] : [paint.dim('changed'), ...lines];
};
