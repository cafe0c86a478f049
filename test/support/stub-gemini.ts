/** A scripted stand-in for the model API of Gemini CLI, on loopback: `model-script.ts` says what a prompt makes it do. */
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type ModelStub, type Step, stepOf } from './model-script.ts';
import { type Heard, modelServer, sendJson, speak } from './model-server.ts';

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

export const stubGemini = (): Promise<ModelStub> => {
  const play = async (asked: Asked, stream: boolean, response: ServerResponse, heard: Heard): Promise<void> => {
    const { prompt, step } = place(asked.contents);
    // Summaries and probes carry no tools.
    const turn = (asked.tools ?? []).some(({ functionDeclarations }) => functionDeclarations?.length);
    if (turn) heard.turn(prompt, asked);
    const last = asked.contents.at(-1);
    if (turn && last?.parts.some(({ functionResponse }) => functionResponse)) heard.result(last.parts);
    if (turn && step.do === 'error') return sendJson(response, step.status, errorBody(step));
    const reply = (part: Part, finished: boolean) => ({
      candidates: [{ content: { role: 'model', parts: [part] }, index: 0, ...(finished ? { finishReason: 'STOP' } : {}) }],
      usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 },
    });
    const part: Part = turn ? partFor(step) : { text: 'ok' };
    if (!stream) return sendJson(response, 200, reply(part, true));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (one: Part, finished: boolean): void => void response.write(`data: ${JSON.stringify(reply(one, finished))}\r\n\r\n`);
    if (turn && (step.do === 'cut' || step.do === 'hang')) {
      send({ text: 'half an ' }, false);
      await pause(50);
      if (step.do === 'cut') response.destroy();
      return;
    }
    if (turn && step.do === 'say' && step.paceMs > 0) {
      await speak(step, response, (text) => send({ text }, false));
      send({ text: '' }, true);
    } else send(part, true);
    response.end();
  };

  return modelServer(async ({ url = '' }, raw, response, heard) => {
    const verb = /\/models\/[^:/?]+:(\w+)/u.exec(url)?.[1] ?? '';
    if (verb === 'countTokens') sendJson(response, 200, { totalTokens: 100 });
    else if (/generatecontent$/iu.test(verb)) await play(JSON.parse(raw) as Asked, verb.startsWith('stream'), response, heard);
    else return false;
    return true;
  });
};
