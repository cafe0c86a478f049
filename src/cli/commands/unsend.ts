import type { Message } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import { messageLine } from '../message-lines.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [id = ''] = input.args;
  return act<Message>(cli, input, { label: id, method: 'POST', paths: [pathOf('messages', id, 'cancel')], body: {} }, (message) => [
    messageLine(cli, message),
  ]);
};
