/** A scripted stand-in for the model API of Claude Code, on loopback: `model-script.ts` says what a prompt makes it do. */
import type { ServerResponse } from 'node:http';
import { type ModelStub, type Step, stepOf } from './model-script.ts';
import { type Heard, modelServer, numbered, sendJson, speak } from './model-server.ts';

type Block = { type: string; text?: string; tool_use_id?: string };
type Message = { role: 'user' | 'assistant'; content: string | Block[] };
type Asked = { model: string; messages: Message[]; tools?: Array<{ name: string }>; stream?: boolean };
type Answer = { type: 'text'; text: string; paceMs?: number } | { type: 'tool_use'; name: string; input: Record<string, unknown> };

const textsOf = ({ content }: Message): string[] =>
  typeof content === 'string' ? [content] : content.flatMap((block) => (block.type === 'text' && block.text ? [block.text] : []));
/** What a person (or a parent agent) typed, without what the program adds around it. */
const typedIn = (message: Message): string | undefined =>
  textsOf(message)
    .filter((text) => !/^\s*(?:<(?:system-reminder|local-command|command-name|task-notification)|\[Request interrupted)/u.test(text))
    .at(-1);

/** The prompt in hand and how many answers it got already. */
const place = (messages: readonly Message[]): { prompt: string; step: Step } => {
  const at = messages.findLastIndex((message) => message.role === 'user' && typedIn(message)?.trim());
  const prompt = (messages[at] && typedIn(messages[at])?.trim()) ?? '';
  return { prompt, step: stepOf(prompt, messages.slice(at + 1).filter(({ role }) => role === 'assistant').length) };
};

const answerTo = (step: Step): Answer => {
  const tool = (name: string, input: Record<string, unknown>): Answer => ({ type: 'tool_use', name, input });
  switch (step.do) {
    case 'bash':
      return tool('Bash', { command: step.command, description: 'a step of the script' });
    case 'write':
      return tool('Write', { file_path: step.path, content: step.text });
    case 'ask': {
      const options = ['Alpha', 'Beta'].map((label) => ({ label, description: `the choice ${label}` }));
      return tool('AskUserQuestion', { questions: [{ question: step.question, header: 'Choice', multiSelect: false, options }] });
    }
    case 'agent':
      return tool('Agent', { description: 'a subagent', prompt: step.prompt, subagent_type: 'general-purpose' });
    case 'say':
      return { type: 'text', text: step.text, paceMs: step.paceMs };
    default:
      return { type: 'text', text: '' };
  }
};

export const stubAnthropic = (): Promise<ModelStub> => {
  const next = numbered();

  const play = async (asked: Asked, response: ServerResponse, heard: Heard): Promise<void> => {
    const { prompt, step } = place(asked.messages);
    // Titles and probes carry no tools.
    const turn = (asked.tools ?? []).length > 0;
    if (turn) heard.turn(prompt, asked);
    const last = asked.messages.at(-1);
    if (turn && last && typeof last.content !== 'string' && last.content.some(({ type }) => type === 'tool_result'))
      heard.result(last.content);
    if (turn && step.do === 'error')
      return sendJson(response, step.status, { type: 'error', error: { type: step.type, message: `stub error ${step.status}` } });
    const answer: Answer = turn ? answerTo(step) : { type: 'text', text: '{"title":"Stub"}' };
    const stop = answer.type === 'tool_use' ? 'tool_use' : 'end_turn';
    const usage = { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 20 };
    const message = { id: next('msg'), type: 'message', role: 'assistant', model: asked.model, stop_sequence: null, usage };
    if (!asked.stream) {
      const content = answer.type === 'text' ? { type: 'text', text: answer.text } : { ...answer, id: next('toolu') };
      return sendJson(response, 200, { ...message, content: [content], stop_reason: stop });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (type: string, data: object): void =>
      void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    send('message_start', { message: { ...message, content: [], stop_reason: null } });
    if (turn && step.do === 'cut') return void response.destroy();
    if (turn && step.do === 'hang') return;
    if (answer.type === 'text') {
      send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
      await speak({ text: answer.text, paceMs: answer.paceMs ?? 0 }, response, (text) =>
        send('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
      );
    } else {
      send('content_block_start', { index: 0, content_block: { type: 'tool_use', id: next('toolu'), name: answer.name, input: {} } });
      send('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: JSON.stringify(answer.input) } });
    }
    send('content_block_stop', { index: 0 });
    send('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 20 } });
    send('message_stop', {});
    response.end();
  };

  return modelServer(async ({ method, url }, raw, response, heard) => {
    const [path = ''] = url?.split('?') ?? [];
    if (path.endsWith('count_tokens')) sendJson(response, 200, { input_tokens: 100 });
    else if (method === 'POST' && path === '/v1/messages') await play(JSON.parse(raw) as Asked, response, heard);
    else return false;
    return true;
  });
};
