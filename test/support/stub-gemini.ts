/** A scripted stand-in for the model API of Gemini CLI, on loopback: `model-script.ts` says what a prompt makes it do. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type ModelStub, type Step, stepOf } from './model-script.ts';

type Part = { text?: string; functionCall?: { name: string; args: Record<string, unknown> }; functionResponse?: unknown };
type Content = { role: 'user' | 'model'; parts: Part[] };
type Asked = { contents: Content[]; tools?: Array<{ functionDeclarations?: unknown[] }> };

/** What the program puts around the talk by itself. */
const added = /^\s*<(?:session_context|hook_context|state_snapshot)|^Please continue/u;
const typedIn = ({ role, parts }: Content): string | undefined =>
  role === 'model' || parts.some(({ functionResponse }) => functionResponse)
    ? undefined
    : parts.flatMap(({ text }) => text ?? []).findLast((text) => !added.test(text));

/** The prompt in hand and what is played now. */
const place = (contents: readonly Content[]): { prompt: string; step: Step } => {
  const at = contents.findLastIndex((content) => typedIn(content)?.trim());
  const prompt = (contents[at] && typedIn(contents[at])?.trim()) ?? '';
  return { prompt, step: stepOf(prompt, contents.slice(at + 1).filter(({ role }) => role === 'model').length) };
};

const partFor = (step: Step): Part => {
  const tool = (name: string, args: Record<string, unknown>): Part => ({ functionCall: { name, args } });
  switch (step.do) {
    case 'bash':
      return tool('run_shell_command', { command: step.command, description: 'a step of the script' });
    case 'write':
      return tool('write_file', { file_path: step.path, content: step.text });
    case 'ask': {
      const options = ['Alpha', 'Beta'].map((label) => ({ label, description: `the choice ${label}` }));
      return tool('ask_user', { questions: [{ question: step.question, header: 'Choice', type: 'choice', options }] });
    }
    case 'say':
      return { text: step.text };
    default:
      return { text: '' };
  }
};

/** `daily…` as its type: a quota that lasts the day. */
const errorBody = ({ status, type }: Extract<Step, { do: 'error' }>) => ({
  error: {
    code: status,
    message: `stub error ${status}`,
    status: 'STUB',
    ...(type.startsWith('daily')
      ? { details: [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: 'RequestsPerDay' }] }] }
      : {}),
  },
});

export const stubGemini = async (): Promise<ModelStub> => {
  const prompts: string[] = [];
  let results = '';
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  const play = async (asked: Asked, stream: boolean, response: ServerResponse): Promise<void> => {
    const { prompt, step } = place(asked.contents);
    // Summaries and probes carry no tools.
    const turn = (asked.tools ?? []).some(({ functionDeclarations }) => functionDeclarations?.length);
    if (turn) prompts.push(prompt);
    const last = asked.contents.at(-1);
    if (turn && last?.parts.some(({ functionResponse }) => functionResponse)) results = JSON.stringify(last.parts);
    if (turn && step.do === 'error') {
      response.writeHead(step.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(errorBody(step)));
      return;
    }
    const reply = (part: Part, finished: boolean) => ({
      candidates: [{ content: { role: 'model', parts: [part] }, index: 0, ...(finished ? { finishReason: 'STOP' } : {}) }],
      usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 },
    });
    const part: Part = turn ? partFor(step) : { text: 'ok' };
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
    if (!stream) return void response.end(JSON.stringify(reply(part, true)));
    const send = (one: Part, finished: boolean): void => void response.write(`data: ${JSON.stringify(reply(one, finished))}\r\n\r\n`);
    if (turn && (step.do === 'cut' || step.do === 'hang')) {
      send({ text: 'half an ' }, false);
      await pause(50);
      if (step.do === 'cut') response.destroy();
      return;
    }
    if (turn && step.do === 'say' && step.paceMs > 0) {
      for (const text of step.text.split(/(?<= )/u)) {
        if (response.destroyed) return;
        send({ text }, false);
        await pause(step.paceMs);
      }
      send({ text: '' }, true);
    } else send(part, true);
    response.end();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let raw = '';
    for await (const chunk of request) raw += String(chunk);
    const verb = /\/models\/[^:/?]+:(\w+)/u.exec(request.url ?? '')?.[1] ?? '';
    if (/generatecontent$/iu.test(verb)) return play(JSON.parse(raw) as Asked, verb.startsWith('stream'), response);
    response.writeHead(verb === 'countTokens' ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ totalTokens: 100 }));
  };
  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    prompts: () => [...prompts],
    lastResults: () => results,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
