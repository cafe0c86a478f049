/** A flight recording: one actor or a whole home, with secrets taken out, as one text that needs no daemon to be read. */
import { z } from 'zod';
import { journalRow } from './actor.ts';
import { agent } from './agent.ts';
import { idText } from './common.ts';
import { message } from './message.ts';
import { project } from './project.ts';
import { task, taskDiff } from './task.ts';

export const recordingFormat = 1;

export const recordedRow = journalRow.extend({
  version: z.int(),
  /** The machine's whole memory after the step. */
  snapshot: z.looseObject({ value: z.unknown(), context: z.record(z.string(), z.unknown()) }),
  /** Hash of the row in the home it was taken from, before anything was taken out. */
  origin: z.string(),
  /** SHA-256 over the link of the actor's row before ('' for the first) and this row without its link. */
  link: z.string(),
});
export type RecordedRow = z.infer<typeof recordedRow>;

export const recording = z
  .object({
    format: z.literal('ccm-recording'),
    formatVersion: z.literal(recordingFormat),
    madeAt: z.int(),
    /** Version of the program that made it. */
    program: z.string(),
    /** Id of the task it is about; null = the whole home. */
    about: z.string().nullable(),
    title: z.string(),
    /** In the order they were committed. */
    rows: z.array(recordedRow),
    /** Older rows that were left out. */
    leftOut: z.int(),
    /** Tasks that were left out, those that moved longest ago. Absent in recordings of version 0.1.0. */
    tasksLeftOut: z.int().optional(),
    tasks: z.array(task),
    agents: z.array(agent),
    messages: z.array(message),
    projects: z.array(project),
    /** Last screens, by agent. */
    screens: z.record(z.string(), z.string()),
    diffs: z.record(z.string(), taskDiff),
    /** What was taken out: rule → how often. */
    redactions: z.record(z.string(), z.int()),
    /** What the daemon found when it checked its own history while recording. */
    verified: z.object({
      checked: z.int(),
      findings: z.array(z.object({ actor: z.string(), seq: z.int().nullable(), problem: z.string() })),
    }),
    /** SHA-256 over the recording with an empty seal. */
    seal: z.string(),
  })
  .meta({ id: 'Recording' });
export type Recording = z.infer<typeof recording>;

/** `all` = the whole home. */
export const recordingParams = z.object({ actor: idText });
/** The recording inside the viewer: one HTML file. */
export const recordingPage = z
  .object({ name: z.string(), html: z.string(), rows: z.int(), redactions: z.int() })
  .meta({ id: 'RecordingPage' });
export type RecordingPage = z.infer<typeof recordingPage>;
