/** A limit of the agent's provider: when it goes on, or that a person says when. */
import type { Agent } from '../api/types.ts';
import { Left } from './age.tsx';

export const LimitWords = ({ limit }: { limit: Agent['limit'] }) => {
  if (limit === null) return null;
  const { until, resumesAt } = limit;
  return (
    <span class="limit">
      {resumesAt !== null && (
        <>
          {until === null ? 'Tried again in' : 'Goes on in'} <Left due={resumesAt} />
        </>
      )}
      {resumesAt === null && (
        <>
          {until !== null && (
            <>
              Limit ends in <Left due={until} />;{' '}
            </>
          )}
          {until === null ? 'Goes' : 'goes'} on when you resume it
        </>
      )}
    </span>
  );
};
