/** The wire's shapes, gathered for the interface. Types only: none of the schemas reach the browser. */
export type { ActorAt, ActorView, FeedRow, JournalRow } from '../../../src/api/contract/actor.ts';
export type { Agent } from '../../../src/api/contract/agent.ts';
export type { NewToken, Redeemed, TokenView } from '../../../src/api/contract/auth.ts';
export type { MachineView } from '../../../src/api/contract/chart.ts';
export type { Command } from '../../../src/api/contract/common.ts';
export type { Consequence, Meta, ProblemDocument, Reply } from '../../../src/api/contract/envelope.ts';
export type { InboxItem } from '../../../src/api/contract/inbox.ts';
export type { Message } from '../../../src/api/contract/message.ts';
export type { ProfileView } from '../../../src/api/contract/profile.ts';
export type { CreateProject, Project } from '../../../src/api/contract/project.ts';
export type { RecordedRow, Recording, RecordingPage } from '../../../src/api/contract/recording.ts';
export type { ClientFrame, ServerFrame } from '../../../src/api/contract/socket.ts';
export type {
  EnableSync,
  RemoteAsk,
  RemoteTask,
  SignedInView,
  SyncConflict,
  SyncOp,
  SyncStatus,
  System,
} from '../../../src/api/contract/sync.ts';
export type { Status, Verified } from '../../../src/api/contract/system.ts';
export type { CreateTask, PullRequest, Task, TaskDiff, TaskLog, TaskResult } from '../../../src/api/contract/task.ts';
export type { Why } from '../../../src/api/contract/why.ts';
