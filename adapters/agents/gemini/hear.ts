/** What a call of one of Gemini CLI's hooks means. Payloads as seen with 0.61.0; anything else says nothing. None is answered: no hook can grant. */
import { z } from 'zod';
import type { Heard, Listening, Sign } from '../../../src/ports/agent-hooks.ts';
import { asks, callKey, dialog, questionIn, shortCall, toolInput } from './call.ts';

const common = { cwd: z.string().catch(''), timestamp: z.string().catch('') };
const tool = { ...common, tool_name: z.string().max(200), tool_input: toolInput.catch({}) };
const payload = z.discriminatedUnion('hook_event_name', [
  z.object({ hook_event_name: z.literal('SessionStart'), ...common, source: z.string(), transcript_path: z.string() }),
  z.object({ hook_event_name: z.literal('BeforeAgent'), ...common, prompt: z.string() }),
  z.object({ hook_event_name: z.literal('BeforeTool'), ...tool }),
  z.object({ hook_event_name: z.literal('AfterTool'), ...tool }),
  z.object({
    hook_event_name: z.literal('Notification'),
    ...common,
    notification_type: z.literal('ToolPermission'),
    message: z.string().catch(''),
    details: z.looseObject({ type: z.string(), title: z.string().catch('') }),
  }),
  z.object({ hook_event_name: z.literal('AfterAgent'), ...common, prompt_response: z.string().nullish() }),
]);
type Payload = z.infer<typeof payload>;

export const hearHook: Listening['hear'] = (raw) => {
  const call = payload.safeParse(raw).data;
  return call ? { id: idOf(call), signs: signsOf(call), reply: {} } : { id: null, signs: [], reply: {} };
};

/** Its clock counts milliseconds; tools may run side by side. */
const idOf = (call: Payload): Heard['id'] => {
  if (call.timestamp === '') return null;
  const about = 'tool_name' in call ? `:${callKey(call.tool_name, call.tool_input, call.cwd)}` : '';
  return `${call.hook_event_name}:${call.timestamp}${about}`.slice(0, 100);
};

/** Where a turn brought no words at all; it does so after errors, too. */
const NO_WORDS = '[no response text]';

const signsOf = (call: Payload): Sign[] => {
  switch (call.hook_event_name) {
    case 'SessionStart':
      // After `/clear` it starts, too: only the first word means that it is ready.
      return [
        { type: 'keptIn', path: call.transcript_path },
        ...(call.source === 'startup' || call.source === 'resume' ? [{ type: 'ready' as const, detail: `session ${call.source}` }] : []),
      ];
    case 'BeforeAgent':
      return [{ type: 'prompted', text: call.prompt }];
    case 'BeforeTool':
      return [beforeTool(call)];
    case 'Notification':
      return askedBy(call);
    case 'AfterTool':
      return [{ type: 'wentOn', call: callKey(call.tool_name, call.tool_input, call.cwd), use: null }];
    case 'AfterAgent': {
      const words = call.prompt_response?.trim() ?? '';
      return [{ type: 'turnEnded', summary: words === '' || words === NO_WORDS ? null : words, more: false }];
    }
  }
};

const beforeTool = ({ tool_name, tool_input, cwd }: Extract<Payload, { hook_event_name: 'BeforeTool' }>): Sign => {
  const call = callKey(tool_name, tool_input, cwd);
  // The dialog's own notification does not say what is asked.
  const question = questionIn(tool_name, tool_input);
  if (question) return { type: 'asked', call, kind: 'question', tool: tool_name, typed: true, ...question };
  const detail = shortCall(tool_name, tool_input);
  return { type: 'working', detail: cwd.length > 1 ? detail.replaceAll(`${cwd}/`, '') : detail, call, use: null };
};

const askedBy = ({ details, message, cwd }: Extract<Payload, { hook_event_name: 'Notification' }>): Sign[] => {
  if (details.type === 'ask_user') return [];
  const about = dialog.safeParse(details).data;
  if (about) return [{ type: 'asked', kind: 'approval', choices: [], typed: true, ...asks(about, cwd) }];
  // A plan to accept and whatever comes later: its first choice may allow more than once, so that nothing is pressed there.
  const text = [details.title, message].filter(Boolean).join('\n') || 'It asks something in its window.';
  return [{ type: 'asked', kind: 'question', call: details.type, tool: null, choices: [], typed: true, text }];
};
