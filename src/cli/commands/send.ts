import type { Message } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { duration } from '../age.ts';
import { pathOf } from '../api.ts';
import { follow } from '../changes.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import { messageLine } from '../message-lines.ts';
import { quoted } from '../quoted.ts';
import type { Run } from '../spec.ts';
import { statusInk, statusText } from '../status.ts';
import { textFrom } from '../text-source.ts';
import { ticker } from '../ticker.ts';

export const run: Run = async (cli, input) => {
  const [id = '', argument] = input.args;
  const text = await textFrom(cli, argument, input.text('file'), 'message');
  const path = `${pathOf('tasks', id)}/messages`;
  if (!input.flag('wait') || input.flag('dry-run'))
    return act<Message>(cli, input, { label: id, method: 'POST', paths: [path], body: { text } }, (message) => [messageLine(cli, message)]);
  const timeout = input.number('timeout', 1, 30 * 24 * 3600);
  const sent = await cli.api.post<Message>(path, { body: { text } });
  return waitForAnswer(cli, id, sent.data, timeout === undefined ? null : timeout * 1000);
};

const over = new Set(['answered', 'failed', 'cancelled']);

const waitForAnswer = async (cli: Cli, task: string, first: Message, timeoutMs: number | null): Promise<number> => {
  const began = performance.now();
  let last = first;
  let told = '';
  const elapsed = (): string =>
    duration(Math.floor((performance.now() - began) / 1000) * 1000)
      .replace('0ms', '0s')
      .padStart(7);
  const line = ticker(cli, () => `${elapsed()}  ${statusText(last.status)}`);
  const seen = (message: Message): void => {
    last = message;
    if (message.status !== told) line.keep(`${elapsed()}  ${statusInk(message.status, cli.paint)(statusText(message.status))}`);
    told = message.status;
  };
  seen(first);
  try {
    const reply = await follow<Message>(cli, {
      async look() {
        const { data, meta } = await cli.api.get<Message[]>(`${pathOf('tasks', task)}/messages`);
        return { data: data.find((message) => message.id === first.id) ?? last, meta };
      },
      concerns: (row) => row.actor === first.id || row.actor === first.task,
      over: (message) => over.has(message.status),
      seen,
      timeoutMs,
    });
    line.stop();
    if (!reply) {
      cli.note(`Not answered after ${duration(timeoutMs ?? 0)}; the message stays: \`ccm show ${quoted(task)}\` tells more.`);
      return exits.failed;
    }
    cli.show(reply, () =>
      reply.data.reason
        ? [reply.data.reason]
        : reply.data.status === 'answered'
          ? [reply.data.answer?.trim() || `Answered: \`ccm logs ${quoted(task)}\` shows it.`]
          : [],
    );
    return reply.data.status === 'answered' ? exits.ok : exits.failed;
  } finally {
    line.stop();
  }
};
