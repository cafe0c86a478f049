/** What the stand-ins for model APIs share: a server on loopback that keeps what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ModelStub, Step } from './model-script.ts';

/** What the model was told in a turn of the agent: its prompt, the whole of what it was asked with, and what a tool gave back. */
export type Heard = { turn: (prompt: string, asked: object) => void; result: (of: unknown) => void };
/** Answers one request, whose body is `raw`; false: it knows no such address. */
type Answers = (request: IncomingMessage, raw: string, response: ServerResponse, heard: Heard) => Promise<boolean> | boolean;

export const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

/** Sends the words of a step one by one where it says so, as long as somebody listens. */
export const speak = async (
  { text, paceMs }: Pick<Extract<Step, { do: 'say' }>, 'text' | 'paceMs'>,
  response: ServerResponse,
  send: (words: string) => void,
) => {
  for (const words of paceMs > 0 ? text.split(/(?<= )/u) : [text]) {
    if (response.destroyed) return;
    send(words);
    if (paceMs > 0) await pause(paceMs);
  }
};

export const modelServer = async (answers: Answers): Promise<ModelStub> => {
  const prompts: string[] = [];
  let results = '';
  let told = '';
  const heard: Heard = {
    turn(prompt, asked) {
      prompts.push(prompt);
      told = JSON.stringify(asked);
    },
    result: (of) => void (results = JSON.stringify(of)),
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let raw = '';
    for await (const chunk of request) raw += String(chunk);
    if (!(await answers(request, raw, response, heard))) sendJson(response, 404, { error: { message: 'the stub has no such address' } });
  };
  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  // Named as their proxy, it hears of everybody else whom its callers want to talk to. Nobody is reached.
  const others: string[] = [];
  server.on('connect', (request, socket) => {
    others.push(request.url ?? '');
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    prompts: () => [...prompts],
    lastResults: () => results,
    told: () => told,
    others: () => [...others],
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

/** Names for what a model hands out, each once. */
export const numbered = (): ((prefix: string) => string) => {
  let count = 0;
  return (prefix) => `${prefix}_stub${String((count += 1)).padStart(8, '0')}`;
};
