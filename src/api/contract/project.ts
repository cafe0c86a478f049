/** A project: one folder on this system. */
import { z } from 'zod';
import { idText } from './common.ts';

export const project = z
  .object({
    id: z.string(),
    name: z.string(),
    /** Real path, links resolved. */
    path: z.string(),
    /** `git`: every attempt gets a worktree. `plain`: no git, one task at a time in the folder itself. */
    kind: z.enum(['git', 'plain']),
    /** Branch and commit the next attempt starts from; null when detached, without commit or without git. */
    branch: z.string().nullable(),
    head: z.string().nullable(),
    /** Profile for tasks that name none; null = the first of config.toml. */
    agent: z.string().nullable(),
    /** Its own agent settings may be used (a person said so). */
    trusted: z.boolean(),
    /** What that means, in words: which kinds of things in the folder count, or do not. */
    trustMeans: z.string(),
    createdAt: z.int(),
    /** What a person should know: no commit yet, uncommitted changes stay behind, folder is gone. Sentences. */
    notes: z.array(z.string()),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof project>;

const projectName = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, 'letters, digits, space, . _ and - only');

export const createProject = z
  .strictObject({
    /** Absolute path of an existing folder. */
    path: z.string().min(1).max(4096),
    /** Default: the folder's name. Unique. */
    name: projectName.optional(),
    agent: z.string().min(1).max(60).optional(),
  })
  .meta({ id: 'CreateProject', examples: [{ path: '/home/me/code/shop', name: 'shop' }] });
export type CreateProject = z.infer<typeof createProject>;

export const trustProject = z.strictObject({ trusted: z.boolean() }).meta({ id: 'TrustProject', examples: [{ trusted: true }] });
export const projectParams = z.object({ project: idText });
export const removedProject = z.object({ id: z.string(), removed: z.literal(true) });
export type RemovedProject = z.infer<typeof removedProject>;
