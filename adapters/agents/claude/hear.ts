/** What a call of one of Claude Code's hooks means, and what it is answered. Payloads as seen with 2.1.330; anything else says nothing. */

import { z } from 'zod';
import { firstOf } from '../../../src/lib/cut-text.ts';
import type { Heard, Listening, Sign } from '../../../src/ports/agent-hooks.ts';
import type { Permissions } from '../../../src/ports/decisions.ts';
import { denied } from '../rules.ts';
import { answersTo, callKey, questionsIn, questionText, shortCall, targetOf, toolInput, wholeCall } from './call.ts';
import { failureSign } from './failure.ts';

const common = { prompt_id: z.string().optional() };
const tool = {
  ...common,
  tool_name: z.string().max(200),
  tool_input: toolInput.catch({}),
  tool_use_id: z.string().optional(),
  cwd: z.string().catch(''),
};
const payload = z.discriminatedUnion('hook_event_name', [
  z.object({ hook_event_name: z.literal('SessionStart'), source: z.string(), session_id: z.string(), transcript_path: z.string() }),
  z.object({ hook_event_name: z.literal('UserPromptSubmit'), ...common, prompt: z.string() }),
  z.object({ hook_event_name: z.literal('PreToolUse'), ...tool }),
  z.object({ hook_event_name: z.literal('PermissionRequest'), ...tool }),
  z.object({ hook_event_name: z.literal('PostToolUse'), ...tool }),
  z.object({ hook_event_name: z.literal('PostToolUseFailure'), ...tool }),
  z.object({ hook_event_name: z.literal('SubagentStop'), ...common, agent_id: z.string(), agent_transcript_path: z.string() }),
  z.object({
    hook_event_name: z.literal('Stop'),
    ...common,
    last_assistant_message: z.string().nullish(),
    background_tasks: z.array(z.unknown()).catch([]),
  }),
  z.object({
    hook_event_name: z.literal('StopFailure'),
    ...common,
    error: z.string().catch('unknown'),
    last_assistant_message: z.string().nullish(),
  }),
]);
type Payload = z.infer<typeof payload>;
type Call = Extract<Payload, { tool_name: string }>;

const nothing = {};

export const hearHook: Listening['hear'] = (raw, permissions, now) => {
  const call = payload.safeParse(raw).data;
  return call ? { id: idOf(call), signs: signsOf(call, now), reply: replyTo(call, permissions) } : { id: null, signs: [], reply: nothing };
};

const idOf = (call: Payload): Heard['id'] => {
  if (call.hook_event_name === 'SessionStart' || call.hook_event_name === 'PermissionRequest') return null;
  if (call.hook_event_name === 'SubagentStop') return `SubagentStop:${call.agent_id}:${call.prompt_id ?? ''}`;
  const of = 'tool_use_id' in call ? call.tool_use_id : call.prompt_id;
  return of === undefined ? null : `${call.hook_event_name}:${of}`;
};

const signsOf = (call: Payload, now: number): Sign[] => {
  switch (call.hook_event_name) {
    case 'SessionStart':
      // After `/clear` and compaction it starts, too, in the middle of a conversation: only the first word means that it is ready.
      return [
        { type: 'keptIn', path: call.transcript_path },
        ...(call.source === 'startup' || call.source === 'resume' ? [{ type: 'ready' as const, detail: `session ${call.source}` }] : []),
      ];
    case 'UserPromptSubmit':
      return [{ type: 'prompted', text: call.prompt }];
    case 'PreToolUse':
      return [{ type: 'working', detail: within(call, shortCall(call.tool_name, call.tool_input)), ...namesOf(call) }];
    case 'PermissionRequest':
      return [askedBy(call)];
    case 'PostToolUse':
    case 'PostToolUseFailure':
      return [{ type: 'wentOn', ...namesOf(call) }];
    case 'SubagentStop':
      return [{ type: 'helperFile', path: call.agent_transcript_path }];
    case 'Stop':
      return [{ type: 'turnEnded', summary: call.last_assistant_message?.trim() || null, more: call.background_tasks.length > 0 }];
    case 'StopFailure':
      return [failureSign(call.error, call.last_assistant_message ?? '', now)];
  }
};

/** Paths of the working folder are told from there. */
const within = ({ cwd }: Call, text: string): string => (cwd.length > 1 ? text.replaceAll(`${cwd}/`, '') : text);

const namesOf = ({ tool_name, tool_input, tool_use_id }: Call) => ({ call: callKey(tool_name, tool_input), use: tool_use_id ?? null });

const askedBy = (call: Call): Sign => {
  const { tool_name, tool_input } = call;
  const questions = questionsIn(tool_name, tool_input);
  const about = { type: 'asked' as const, call: callKey(tool_name, tool_input), tool: tool_name };
  if (!questions) {
    const subject = within(call, targetOf(tool_input) || JSON.stringify(tool_input));
    return { ...about, kind: 'approval', text: within(call, wholeCall(tool_name, tool_input)), choices: [], subject };
  }
  const choices = questions.length === 1 ? (questions[0]?.options ?? []).slice(0, 20).map(({ label }) => firstOf(label, 500)) : [];
  return { ...about, kind: 'question', text: questionText(questions), choices };
};

const replyTo = (call: Payload, { deny }: Permissions): unknown => {
  if (call.hook_event_name !== 'PreToolUse') return nothing;
  const refused = denied(deny, call.tool_name, targetOf(call.tool_input));
  if (refused === null) return nothing;
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: `The rule ${refused} of this agent's configuration forbids it.`,
    },
  };
};

/** The dialog stands on the screen meanwhile: whoever is first decides, and an empty reply leaves it there. */
export const answerHook: Listening['answer'] = (raw, decision, text) => {
  const call = payload.safeParse(raw).data;
  if (call?.hook_event_name !== 'PermissionRequest' || decision === null) return nothing;
  const decide = (answer: object): unknown => ({ hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: answer } });
  const questions = questionsIn(call.tool_name, call.tool_input);
  if (decision === 'answer' && questions)
    return decide({ behavior: 'allow', updatedInput: { ...call.tool_input, answers: answersTo(questions, text ?? '') } });
  if (decision === 'allow') return decide({ behavior: 'allow' });
  const why = text?.trim() || (decision === 'expire' ? 'Nobody decided in time.' : 'The person who supervises you does not allow this.');
  return decide({ behavior: 'deny', message: why });
};
