/** Messages to an agent, one line each. */
import type { Message } from '../api/contract/index.ts';
import type { Cli } from './cli.ts';
import { statusInk, statusText } from './status.ts';
import { cut, oneLine } from './width.ts';

export const messageLine = (cli: Cli, message: Message): string => {
  const word = statusText(message.status);
  return `${cli.paint.bold(message.short)}  ${statusInk(message.status, cli.paint)(word)}  ${cut(oneLine(message.text), Math.max(10, cli.columns() - word.length - 9))}`;
};

/** What was not typed yet can be taken back by its id. */
export const waitingLines = (cli: Cli, messages: readonly Message[]): string[] => {
  const waiting = messages.filter(({ status }) => status === 'queued' || status === 'waiting');
  return waiting.length === 0 ? [] : [cli.paint.dim('to be sent'), ...waiting.map((one) => messageLine(cli, one))];
};
