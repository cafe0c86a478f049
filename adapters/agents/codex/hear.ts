/** What a call of one of Codex's hooks means, and what it is answered. Payloads as seen with 0.169.0; anything else says nothing. */
import { z } from 'zod';
import type { Heard, Listening, Sign } from '../../../src/ports/agent-hooks.ts';
import type { Permissions } from '../../../src/ports/decisions.ts';
import { allowed, denied } from '../rules.ts';
import { callKey, shortCall, targetOf, toolInput, wholeCall } from './call.ts';

/** `agent_id` where a subagent calls, whose turns are not those of the conversation. */
const turn = { session_id: z.string(), turn_id: z.string(), agent_id: z.string().optional() };
const tool = {
  ...turn,
  tool_name: z.string().max(200),
  tool_input: toolInput.catch({}),
  tool_use_id: z.string().optional(),
  cwd: z.string().catch(''),
};
const payload = z.discriminatedUnion('hook_event_name', [
  z.object({ hook_event_name: z.literal('SessionStart'), session_id: z.string(), transcript_path: z.string().nullable() }),
  z.object({ hook_event_name: z.literal('UserPromptSubmit'), ...turn, prompt: z.string() }),
  z.object({ hook_event_name: z.literal('PreToolUse'), ...tool }),
  z.object({ hook_event_name: z.literal('PermissionRequest'), ...tool }),
  z.object({ hook_event_name: z.literal('PostToolUse'), ...tool, tool_response: z.unknown() }),
  z.object({ hook_event_name: z.literal('SubagentStop'), ...turn, agent_id: z.string(), agent_transcript_path: z.string().nullish() }),
  z.object({ hook_event_name: z.literal('Stop'), ...turn, last_assistant_message: z.string().nullish() }),
  z.object({ hook_event_name: z.literal('Interrupt'), ...turn }),
]);
type Payload = z.infer<typeof payload>;
type Call = Extract<Payload, { tool_name: string }>;

const nothing = {};

export const hearHook: Listening['hear'] = (raw, permissions) => {
  const call = payload.safeParse(raw).data;
  if (!call) return { id: null, signs: [], reply: nothing };
  const reply = replyTo(call, permissions);
  // What a rule lets pass is asked of nobody.
  const signs = call.hook_event_name === 'PermissionRequest' && reply !== nothing ? [] : signsOf(call);
  return { id: idOf(call), signs, reply };
};

const idOf = (call: Payload): Heard['id'] => {
  // A prompt may be typed into a turn that goes on: one turn, two prompts.
  if (['SessionStart', 'UserPromptSubmit', 'PermissionRequest'].includes(call.hook_event_name)) return null;
  const of = 'tool_use_id' in call ? call.tool_use_id : 'turn_id' in call ? call.turn_id : undefined;
  return of === undefined ? null : `${call.hook_event_name}:${of}`;
};

const signsOf = (call: Payload): Sign[] => {
  switch (call.hook_event_name) {
    case 'SessionStart':
      // Sent with the first prompt, not when it is ready: that is seen on its screen.
      return call.transcript_path === null ? [] : [{ type: 'keptIn', path: call.transcript_path, name: call.session_id }];
    case 'UserPromptSubmit':
      return call.agent_id === undefined ? [{ type: 'prompted', text: call.prompt }] : [];
    case 'PreToolUse':
      return [{ type: 'working', detail: within(call, shortCall(call.tool_name, call.tool_input)), ...namesOf(call) }];
    case 'PermissionRequest': {
      const text = within(call, wholeCall(call.tool_input));
      const about = { call: callKey(call.tool_name, call.tool_input), tool: call.tool_name, kind: 'approval' as const, choices: [] };
      return [{ type: 'asked', ...about, text, subject: within(call, targetOf(call.tool_input)), typed: true }];
    }
    case 'PostToolUse':
      return [{ type: 'wentOn', ...namesOf(call) }, ...helperIn(call)];
    case 'SubagentStop':
      return [
        { type: 'helper', id: call.agent_id, runs: false },
        ...(call.agent_transcript_path ? [{ type: 'helperFile' as const, path: call.agent_transcript_path }] : []),
      ];
    case 'Stop':
      return call.agent_id !== undefined ? [] : [{ type: 'turnEnded', summary: call.last_assistant_message?.trim() || null, more: false }];
    case 'Interrupt':
      return [{ type: 'interrupted', detail: 'its hook says that a person interrupted it' }];
  }
};

const spawned = z.object({ agent_id: z.string() });

/** Told before the end of the turn that began it, and so before that end can count. */
const helperIn = ({ tool_name, tool_input, tool_response }: Extract<Call, { tool_response: unknown }>): Sign[] => {
  const again = tool_name === 'send_input' ? tool_input['target'] : undefined;
  if (typeof again === 'string') return [{ type: 'helper', id: again, runs: true, again: true }];
  const id =
    tool_name === 'spawn_agent' && typeof tool_response === 'string' ? spawned.safeParse(parse(tool_response)).data?.agent_id : undefined;
  return id === undefined ? [] : [{ type: 'helper', id, runs: true }];
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Words instead of a result: it was not begun.
    return null;
  }
};

/** Paths of the working folder are told from there. */
const within = ({ cwd }: Call, text: string): string => (cwd.length > 1 ? text.replaceAll(`${cwd}/`, '') : text);

const namesOf = ({ tool_name, tool_input, tool_use_id }: Call) => ({ call: callKey(tool_name, tool_input), use: tool_use_id ?? null });

const replyTo = (call: Payload, { allow, deny }: Permissions): unknown => {
  if (call.hook_event_name === 'PreToolUse') {
    const rule = denied(deny, call.tool_name, targetOf(call.tool_input));
    return rule === null
      ? nothing
      : { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: because(rule) } };
  }
  if (call.hook_event_name === 'PermissionRequest' && allowed(allow, call.tool_name, targetOf(call.tool_input)) !== null)
    return { hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } } };
  return nothing;
};

/** Only what a rule decides is answered here: for a person the dialog appears, in its window too. */
export const answerHook: Listening['answer'] = (raw, decision, text) => {
  const call = payload.safeParse(raw).data;
  if (call?.hook_event_name !== 'PermissionRequest' || (decision !== 'allow' && decision !== 'deny')) return nothing;
  const message = text?.trim() || 'The person who supervises you does not allow this.';
  const answer = decision === 'allow' ? { behavior: 'allow' } : { behavior: 'deny', message };
  return { hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: answer } };
};

const because = (rule: string): string => `The rule ${rule} of this agent's configuration forbids it.`;
