/** The viewer of a recording: the pages of the interface, answered from the file. */
import { render } from 'preact';
import '../styles/all.ts';
import { answerLocally } from '../api/http.ts';
import type { Recording } from '../api/types.ts';
import { App } from '../app.tsx';
import { chartsAre } from '../chart/files.ts';
import type { ChartFile } from '../chart/model/types.ts';
import { go, placesAreFragments, startRouter } from '../router.ts';
import { now } from '../store/clock.ts';
import { link, reload } from '../store/home.ts';
import { recorded } from '../store/recorded.ts';
import { answersOf } from './answers.ts';

const embedded = (id: string): string => document.getElementById(id)?.textContent || 'null';

const begin = async (root: Element): Promise<void> => {
  const recording: Recording | null = JSON.parse(embedded('ccm-recording'));
  if (!recording) return;
  const charts: Record<string, ChartFile> | null = JSON.parse(embedded('ccm-charts'));
  chartsAre(charts ?? {});
  answerLocally(answersOf(recording));
  recorded.value = recording;
  // Ages are told as they were then.
  now.value = recording.madeAt;
  placesAreFragments();
  startRouter();
  link.value = { phase: 'live', since: recording.madeAt, attempt: 0, retryAt: null };
  await reload();
  const [only] = recording.tasks;
  if (recording.about !== null && only && location.hash === '') go(`/tasks/${only.short}`, 'replace');
  render(<App />, root);
};

const root = document.getElementById('root');
if (root) void begin(root);
