/** The contract in one place. CLI and web use `import type` from here; only the daemon loads the schemas. */
export * from './actor.ts';
export * from './agent.ts';
export * from './auth.ts';
export * from './chart.ts';
export * from './common.ts';
export * from './envelope.ts';
export * from './inbox.ts';
export * from './message.ts';
export * from './profile.ts';
export * from './project.ts';
export * from './report.ts';
export * from './secret.ts';
export * from './socket.ts';
export * from './system.ts';
export * from './task.ts';
export * from './usage.ts';
export * from './why.ts';
