/** The transcript, one JSON object a line, in the form of the real program as far as anybody reads it. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export type ConversationFile = ReturnType<typeof conversationFile>;

export const conversationFile = (config: string, session: string) => {
  const folder = join(config, 'projects', process.cwd().replaceAll(/[^a-zA-Z0-9]/gu, '-'));
  const path = join(folder, `${session}.jsonl`);
  mkdirSync(folder, { recursive: true });
  const write = (line: object): void =>
    appendFileSync(path, `${JSON.stringify({ ...line, uuid: randomUUID(), timestamp: new Date().toISOString(), sessionId: session })}\n`);
  const user = (content: unknown, more: object = {}): void =>
    write({ type: 'user', isSidechain: false, message: { role: 'user', content }, ...more });
  const assistant = (content: object[], more: object = {}): void => {
    const usage = { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 20 };
    const message = { id: `msg_${randomUUID()}`, role: 'assistant', model: 'stand-in', content, usage };
    write({ type: 'assistant', isSidechain: false, message, ...more });
  };
  return {
    path,
    exists: (): boolean => existsSync(path),
    prompt: (text: string): void => user(text, { origin: { kind: 'human' } }),
    said: (text: string): void => assistant([{ type: 'text', text }]),
    toolUse: (id: string, name: string, input: object): void => assistant([{ type: 'tool_use', id, name, input }]),
    toolResult: (id: string, content: string): void => user([{ type: 'tool_result', content, tool_use_id: id }]),
    interrupted: (): void => user([{ type: 'text', text: '[Request interrupted by user]' }]),
    apiError: (error: string, text: string): void => assistant([{ type: 'text', text }], { isApiErrorMessage: true, error }),
    turnOver: (): void => write({ type: 'system', subtype: 'turn_duration', isSidechain: false }),
  };
};
