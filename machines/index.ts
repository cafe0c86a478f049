/** Every kind of actor. */
import { agentKind } from './agent/index.ts';
import { approvalKind } from './approval.ts';
import type { Kind, MachineKind } from './kind.ts';
import { messageKind } from './message.ts';
import { syncLinkKind } from './sync-link.ts';
import { taskKind } from './task/index.ts';

export const kinds: Readonly<Record<Kind, MachineKind>> = {
  task: taskKind,
  agent: agentKind,
  message: messageKind,
  approval: approvalKind,
  'sync-link': syncLinkKind,
};
