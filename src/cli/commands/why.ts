import type { Why } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { age, duration } from '../age.ts';
import { pathOf } from '../api.ts';
import { byText } from '../by.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import { edgeText, eventText } from '../replay-lines.ts';
import type { Run } from '../spec.ts';
import { statusInk, statusText } from '../status.ts';
import { table } from '../table.ts';
import { timerText } from '../timer-text.ts';
import { wrap } from '../width.ts';

export const run: Run = async (cli, { args: [id = ''] }) => {
  const reply = await cli.api.get<Why>(`${pathOf('tasks', id)}/why`).catch((thrown: unknown) => {
    if (!(thrown instanceof CcmError) || thrown.code !== 'CCM_NOT_FOUND') throw thrown;
    // An agent, or what one asked: any machine can be asked why.
    return cli.api.get<Why>(`${pathOf('actors', id)}/why`).catch(() => {
      throw thrown; // Neither: the first answer names what was looked for.
    });
  });
  cli.show(reply, () => whyLines(cli, reply.data));
  return exits.ok;
};

const whyLines = (cli: Cli, why: Why): string[] => {
  const { paint } = cli;
  const columns = cli.columns();
  const now = cli.now();
  const lines = [
    `${paint.bold(why.short)}  ${statusInk(why.status, paint)(statusText(why.status))}  ${paint.dim(`for ${age(now - why.since)}`)}`,
    ...wrap(why.sentence, columns),
  ];
  if (why.waitingFor?.length)
    lines.push('', 'Waits for', ...why.waitingFor.flatMap((text) => wrap(text, columns - 2).map((line) => `  ${line}`)));
  if (why.evidence.length > 0)
    lines.push(
      '',
      ...table(
        [
          { title: 'SEEN' },
          { title: 'BY' },
          { title: 'TRUST', right: true },
          { title: 'AGE', right: true },
          { title: 'DETAIL', flex: true },
        ],
        why.evidence.map((one) => [one.fact, one.source, `${one.trust}/5`, age(one.ageMs), one.detail]),
        columns,
        paint.dim,
      ),
    );
  const last = why.lastTransition;
  if (last) {
    lines.push('', `Last step ${last.seq}, ${age(now - last.at)} ago: ${eventText(last.event)}${last.by ? ` by ${byText(last.by)}` : ''}`);
    for (const edge of last.transitions) lines.push(paint.dim(`  ${edgeText(edge)}`));
  }
  for (const timer of why.timers)
    lines.push(`Timer ${timerText(timer.id)}: ${timer.in < 0 ? `overdue by ${duration(-timer.in)}` : `in ${duration(timer.in)}`}`);
  for (const effect of why.effects) lines.push(`Due: ${effect.effect} (${effect.status}${effect.problem ? `, ${effect.problem}` : ''})`);
  return lines;
};
