import type { Decision, Report, Reported } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { firstOf } from '../../lib/cut-text.ts';
import { nearest } from '../../lib/nearest.ts';
import { problemFrom } from '../api.ts';
import type { Cli } from '../cli.ts';
import { exits, usageError } from '../exit.ts';
import { askHook, type Hook, hookOf } from '../hook.ts';
import type { Input } from '../input.ts';
import type { Run } from '../spec.ts';
import { readSource } from '../text-source.ts';

const kinds = ['ready', 'busy', 'progress', 'ask', 'done', 'fail', 'usage'] as const;
/** An agent must not be held up by a daemon that is away. */
const PATIENCE_MS = 1000;
const RETRY_MS = 500;
/** Characters of a report's text. */
const LONGEST = 20_000;
/** Seconds of one long poll. */
const POLL_S = 25;

export const run: Run = async (cli, input) => {
  const hook = hookOf(cli);
  const body = await reportOf(cli, input);
  const wait = input.flag('wait');
  if (wait && body.report !== 'ask') throw usageError('--wait goes with ask only.', 'Use: ccm report ask "…" --wait');
  if (input.flag('dry-run')) {
    cli.show({ data: { dryRun: true, report: body } }, () => [
      `Would report ${body.report}${body.text ? `: ${body.text}` : ''}. Nothing was done.`,
    ]);
    return exits.ok;
  }
  const told = await tell(hook, body);
  if (told === null) await spool(cli, hook, body);
  if (!wait) {
    cli.show({ data: told ?? { ok: true, spooled: true } }, () => []);
    if (told === null) cli.note('The daemon is away; the report is kept and told when it is back.');
    return exits.ok;
  }
  return waitForDecision(cli, hook, body, told);
};

const reportOf = async (cli: Cli, input: Input): Promise<Report> => {
  const [what = '', argument] = input.args;
  const report = kinds.find((kind) => kind === what);
  if (!report) {
    const [meant] = nearest(what, kinds);
    throw usageError(`There is no report "${what}".`, meant ? `Did you mean ${meant}?` : `Reports are ${kinds.join(', ')}.`);
  }
  const file = input.text('file');
  const text = file !== undefined ? await readSource(cli, file) : argument === '-' ? await readSource(cli, '-') : argument;
  if (report === 'ask' && !text?.trim()) throw usageError('What is the question?', 'Use: ccm report ask "…"');
  const choices = input.list('choices');
  if (report !== 'ask' && (choices.length > 0 || input.flag('approval'))) throw usageError('--choices and --approval go with ask only.');
  const tool = input.text('tool');
  if (report !== 'ask' && tool !== undefined) throw usageError('--tool goes with ask only.');
  const used = usedOf(input);
  if (report === 'usage' && !used) throw usageError('What was used?', 'Use: ccm report usage --input 1200 --output 80');
  if (report !== 'usage' && used) throw usageError('Figures go with usage only.', 'Use: ccm report usage --input 1200 --output 80');
  return {
    report,
    ...(used ? { used } : {}),
    // A report holds no more than this; the beginning says the most.
    ...(text === undefined ? {} : { text: text.length > LONGEST ? `${firstOf(text, LONGEST - 1)}…` : text }),
    ...(choices.length === 0 ? {} : { choices }),
    ...(input.flag('approval') ? { approval: true } : {}),
    ...(tool === undefined ? {} : { tool }),
    at: cli.now(),
    id: crypto.randomUUID(),
  };
};

const MOST_TOKENS = 1_000_000_000;

/** Undefined when no figure was given. */
const usedOf = (input: Input): Report['used'] => {
  const [tokensIn, output] = [input.number('input', 0, MOST_TOKENS), input.number('output', 0, MOST_TOKENS)];
  const [cacheRead, cacheWrite] = [input.number('cache-read', 0, MOST_TOKENS), input.number('cache-write', 0, MOST_TOKENS)];
  const dollars = input.text('cost');
  if (dollars !== undefined && !/^\d{1,3}(\.\d{1,9})?$/.test(dollars))
    throw usageError(`--cost takes dollars such as 0.0123, not "${dollars}".`);
  const figures = {
    ...(tokensIn === undefined ? {} : { input: tokensIn }),
    ...(output === undefined ? {} : { output }),
    ...(cacheRead === undefined ? {} : { cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
    ...(dollars === undefined ? {} : { costMicroUsd: Math.round(Number(dollars) * 1_000_000) }),
  };
  if (Object.keys(figures).length === 0) return undefined;
  const [model, request] = [input.text('model'), input.text('request')];
  return { ...figures, ...(model === undefined ? {} : { model }), ...(request === undefined ? {} : { request }) };
};

/** Null when the daemon could not be reached; refusals are thrown. */
const tell = async (hook: Hook, body: Report): Promise<Reported | null> => {
  const reply = await askHook<Reported>(hook, { method: 'POST', path: '/report', body, timeoutMs: PATIENCE_MS });
  if ('away' in reply) return null;
  if ('problem' in reply) throw problemFrom(reply.problem, reply.status);
  return reply.data;
};

const spool = async (cli: Cli, hook: Hook, body: Report): Promise<void> => {
  const { spoolItem } = await import('../spool.ts');
  const kept = await spoolItem(cli.home.spool, hook, body);
  if (!kept.ok) throw new CcmError(kept.problem.code, kept.problem.detail, kept.problem.extra);
};

/** Through restarts of the daemon, until somebody decided or it expired. */
const waitForDecision = async (cli: Cli, hook: Hook, body: Report, first: Reported | null): Promise<number> => {
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  let told = first;
  while (told === null) {
    await pause();
    told = await tell(hook, body); // The same id: it counts once, spooled or not.
  }
  const { approval } = told;
  if (approval === undefined) throw new CcmError('CCM_INTERNAL', 'The daemon took the question but gave no id to wait for.');
  for (;;) {
    const path = `/report/answer/${encodeURIComponent(approval)}?wait=${POLL_S}`;
    const reply = await askHook<Decision>(hook, { method: 'GET', path, timeoutMs: (POLL_S + 10) * 1000 });
    if ('away' in reply) await pause();
    else if ('problem' in reply) throw problemFrom(reply.problem, reply.status);
    else if (reply.data.state !== 'pending') return tellDecision(cli, approval, reply.data);
  }
};

const tellDecision = (cli: Cli, approval: string, { state, text }: Decision): number => {
  cli.show({ data: { approval, state, text } }, () => (state === 'answer' ? [text ?? ''] : text ? [state, text] : [state]));
  return state === 'allow' || state === 'answer' ? exits.ok : exits.failed;
};
