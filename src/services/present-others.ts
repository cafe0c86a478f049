/** Messages and approvals as the contract shows them. */
import type { ApprovalContext } from '../../machines/approval.ts';
import type { MessageContext } from '../../machines/message.ts';
import type { Approval } from '../api/contract/inbox.ts';
import type { Message } from '../api/contract/message.ts';
import type { ActorState } from '../runtime/types.ts';
import { commandsOf } from './commands.ts';

export const presentMessage = (state: ActorState): Message => {
  const context = state.context as MessageContext;
  return {
    id: state.id,
    short: state.short,
    kind: 'message',
    status: state.status,
    task: context.task,
    agent: context.agent,
    text: context.text,
    at: state.createdAt,
    updatedAt: state.updatedAt,
    answer: context.answer,
    receipts: { ...context.receipts },
    reason: context.reason,
    commands: commandsOf(state.legal),
  };
};

export const presentApproval = (state: ActorState): Approval => {
  const context = state.context as ApprovalContext;
  return {
    id: state.id,
    short: state.short,
    kind: context.kind,
    status: state.status,
    task: context.task,
    agent: context.agent,
    text: context.text,
    tool: context.tool,
    choices: [...context.choices],
    answer: context.answer,
    decidedBy: context.decidedBy,
    decidedAt: context.decidedAt,
    askedAt: context.askedAt,
    policy: context.policy,
    expiresAt: context.expiresAt,
    commands: commandsOf(state.legal),
  };
};
