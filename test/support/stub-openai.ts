/** A scripted stand-in for the Responses API that Codex talks to, on loopback: `model-script.ts` says what a prompt makes it do. */
import type { ServerResponse } from 'node:http';
import { type ModelStub, type Step, stepOf } from './model-script.ts';
import { type Heard, modelServer, numbered, sendJson, speak } from './model-server.ts';

type Part = { type: string; text?: string };
type Item = { type: string; role?: string; content?: Part[]; output?: unknown };
type Asked = { model: string; input: Item[]; tools?: Array<{ name?: string }> };
type Answer = { text: string; paceMs: number } | { name: string; namespace?: string; arguments: Record<string, unknown> };

const textOf = ({ content = [] }: Item): string => content.map(({ text = '' }) => text).join('\n');
/** What a person (or a parent agent) typed, without what the program adds around it. */
const isTyped = (item: Item): boolean =>
  item.type === 'message' && item.role === 'user' && !/^\s*<(?:environment_context|turn_aborted|user_instructions)/u.test(textOf(item));

/** The prompt in hand and how many answers it got already. */
const place = (input: readonly Item[]): { prompt: string; step: Step } => {
  const at = input.findLastIndex(isTyped);
  const prompt = (input[at] ? textOf(input[at]) : '').trim();
  const played = input.slice(at + 1).filter(({ type, role }) => type === 'function_call' || (type === 'message' && role === 'assistant'));
  return { prompt, step: stepOf(prompt, played.length) };
};

const answerTo = (step: Step): Answer => {
  // Everything that a sandbox could let pass is asked for beyond it, so that a person is asked.
  const shell = (cmd: string, more: object = {}): Answer => ({ name: 'exec_command', arguments: { cmd, ...more } });
  switch (step.do) {
    case 'bash':
      return shell(step.command, { sandbox_permissions: 'require_escalated', justification: 'a step of the script' });
    case 'write': {
      const lines = step.text.replace(/\n$/u, '').split('\n');
      const body = lines.map((line) => `+${line}`).join('\n');
      return shell(`apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: ${step.path}\n${body}\n*** End Patch\nEOF`);
    }
    case 'ask': {
      const options = ['Alpha', 'Beta'].map((label) => ({ label, description: `the choice ${label}` }));
      return {
        name: 'request_user_input',
        arguments: { questions: [{ id: 'choice', header: 'Choice', question: step.question, options }] },
      };
    }
    case 'agent':
      return { name: 'spawn_agent', namespace: 'multi_agent_v1', arguments: { message: step.prompt } };
    case 'say':
      return { text: step.text, paceMs: step.paceMs };
    default:
      return { text: '', paceMs: 0 };
  }
};

const refuse = (response: ServerResponse, status: number, type: string): void => {
  const resets = type === 'usage_limit_reached' ? { plan_type: 'plus', resets_at: Math.floor(Date.now() / 1000) + 3_600 } : {};
  sendJson(response, status, { error: { type, message: `stub error ${status}`, ...resets } });
};

export const stubOpenai = (): Promise<ModelStub> => {
  const next = numbered();

  const play = async (asked: Asked, response: ServerResponse, heard: Heard): Promise<void> => {
    const { prompt, step } = place(asked.input);
    // Titles carry no tools.
    const turn = (asked.tools ?? []).length > 0;
    if (turn) heard.turn(prompt, asked);
    const outputs = asked.input.filter(({ type }) => type === 'function_call_output');
    if (turn && outputs.length > 0) heard.result(outputs.at(-1));
    if (turn && step.do === 'error') return refuse(response, step.status, step.type);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (type: string, data: object): void =>
      void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    const id = next('resp');
    send('response.created', { response: { id } });
    if (turn && step.do === 'cut') return void response.destroy();
    if (turn && step.do === 'hang') return;
    const answer: Answer = turn ? answerTo(step) : { text: 'Stub', paceMs: 0 };
    if ('text' in answer) {
      const message = { type: 'message', role: 'assistant', id: next('msg') };
      send('response.output_item.added', { output_index: 0, item: { ...message, content: [] } });
      const of = { item_id: message.id, output_index: 0, content_index: 0 };
      await speak(answer, response, (delta) => send('response.output_text.delta', { ...of, delta }));
      send('response.output_item.done', { output_index: 0, item: { ...message, content: [{ type: 'output_text', text: answer.text }] } });
    } else {
      const item = { type: 'function_call', id: next('fc'), call_id: next('call'), ...answer, arguments: JSON.stringify(answer.arguments) };
      send('response.output_item.done', { output_index: 0, item });
    }
    const details = { input_tokens_details: { cached_tokens: 40 }, output_tokens_details: { reasoning_tokens: 5 } };
    send('response.completed', { response: { id, usage: { input_tokens: 100, output_tokens: 20, total_tokens: 120, ...details } } });
    response.end();
  };

  return modelServer(async ({ method, url }, raw, response, heard) => {
    if (method !== 'POST' || url?.split('?')[0] !== '/v1/responses') return false;
    await play(JSON.parse(raw) as Asked, response, heard);
    return true;
  });
};
