/** The services in one value: what the API's routes call, and nothing else of the house. */
import { type ActorService, actorService } from './actors.ts';
import { type AgentService, agentService } from './agents.ts';
import type { ServiceDeps } from './deps.ts';
import { folders as folderBook } from './folders.ts';
import { type Foretell, foretell } from './foretell.ts';
import { type Fork, forkDesk } from './fork.ts';
import { type InboxService, inboxService } from './inbox.ts';
import { type Marks, marks as marksIn } from './marks.ts';
import { type MessageService, messageService } from './messages.ts';
import { taskPlanner } from './new-task.ts';
import { orderDesk } from './orders.ts';
import { type Profiles, profileService } from './profiles.ts';
import { type ProjectService, projectService } from './projects.ts';
import { type RecordService, recordService } from './record/index.ts';
import { type Resolver, resolver } from './resolve.ts';
import { type SecretService, secretService } from './secrets.ts';
import { sinceBook } from './since.ts';
import { type SystemService, systemService } from './system.ts';
import { type TaskService, taskService } from './tasks.ts';
import { type UsageService, usageService } from './usage.ts';
import { type WhyService, whyService } from './why.ts';
import { type WorkService, workService } from './work.ts';

export type Services = {
  actors: ActorService;
  agents: AgentService;
  foretell: Foretell;
  fork: Fork;
  inbox: InboxService;
  messages: MessageService;
  profiles: Profiles;
  projects: ProjectService;
  record: RecordService;
  resolve: Resolver;
  secrets: SecretService;
  system: SystemService;
  tasks: TaskService;
  usage: UsageService;
  why: WhyService;
  work: WorkService;
  marks: Marks;
};

export const createServices = (deps: ServiceDeps): Services => {
  const { runtime, kinds } = deps;
  const resolve = resolver(runtime, (text) => deps.elsewhere?.far.whereabouts(text) ?? null);
  const since = sinceBook(runtime, kinds);
  const orders = orderDesk(deps);
  const marks = marksIn(deps.store.kv);
  const folders = folderBook(deps.workspaces, deps.clock);
  const profiles = profileService(deps);
  const projects = projectService({ ...deps, folders, profiles });
  const plan = taskPlanner({ ...deps, projects, profiles, resolve, folders });
  const usage = usageService({ ...deps, resolve, projects });
  const shared = { ...deps, orders, resolve, since, marks, projects, usage };
  const inbox = inboxService(shared);
  const actors = actorService(shared);
  const agents = agentService(shared);
  const messages = messageService(shared);
  const system = systemService({ ...deps, inbox });
  const tasks = taskService({ ...shared, plan, agents });
  const work = workService(shared);
  return {
    actors,
    agents,
    foretell: foretell(shared),
    fork: forkDesk({ ...shared, plan, messages, tasks }),
    inbox,
    marks,
    messages,
    profiles,
    projects,
    resolve,
    secrets: secretService(deps),
    record: recordService({ ...shared, actors, agents, messages, system, tasks, work }),
    system,
    tasks,
    usage,
    why: whyService(shared),
    work,
  };
};

export type { Caller } from './caller.ts';
export type { DaemonFacts, ServiceDeps } from './deps.ts';
