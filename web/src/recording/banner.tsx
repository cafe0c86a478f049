/** Says that this is a recording, of what, and whether it is whole. */
import { useEffect, useState } from 'preact/hooks';
import type { Recording } from '../api/types.ts';
import { SignMark } from '../parts/sign.tsx';
import { plural } from '../parts/words.ts';
import { exactText } from '../store/clock.ts';
import { type Checked, checkRecording } from './check.ts';

const found = (recording: Recording): number => Object.values(recording.redactions).reduce((sum, n) => sum + n, 0);

export const RecordingBanner = ({ recording }: { recording: Recording }) => {
  const [checked, setChecked] = useState<Checked | null>(null);
  useEffect(() => void checkRecording(recording).then(setChecked), [recording]);
  const { findings } = recording.verified;
  return (
    <aside class="recording" aria-label="About this recording">
      <strong>Recording</strong>
      <span>
        {recording.title}, made {exactText(recording.madeAt)} by version {recording.program}
      </span>
      {checked === null ? (
        <span role="status">Checking the chain …</span>
      ) : checked.whole ? (
        <span role="status" class="tone-good recording-state">
          <SignMark sign="check" /> {plural(checked.steps, 'step')}, the chain is whole
        </span>
      ) : (
        <strong role="alert" class="tone-bad recording-state">
          <SignMark sign="cross" /> {checked.problem}
        </strong>
      )}
      <span class="dim">
        {plural(found(recording), 'secret')} taken out
        {(recording.tasksLeftOut ?? 0) > 0 && `; ${plural(recording.tasksLeftOut ?? 0, 'older task')} left out`}
        {recording.leftOut > 0 && `; ${plural(recording.leftOut, 'older step')} left out`}
        {findings.length > 0 && `; its daemon had found: ${findings.map((finding) => finding.problem).join(' ')}`}
      </span>
    </aside>
  );
};
