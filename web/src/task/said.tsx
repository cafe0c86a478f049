/** What was done, where the page would not show it by itself. */
import type { PullRequest } from '../api/types.ts';
import { saidOf } from './said-words.ts';

const Pull = ({ made }: { made: PullRequest }) => {
  const place = made.url ?? made.compare;
  return (
    <>
      {made.note && `${made.note} `}
      {!made.pushed && (
        <>
          Push it yourself: <code>{made.command.join(' ')}</code>{' '}
        </>
      )}
      {place?.startsWith('https://') && (
        <a href={place} target="_blank" rel="noreferrer">
          {made.opened ? `See the pull request into ${made.base}` : 'Then open this page'}
        </a>
      )}
    </>
  );
};

/** Commands whose result is told in words. */
export const showsWords = (verb: string): boolean => ['merge', 'pr', 'rm'].includes(verb);

const isPull = (reply: object): reply is PullRequest => 'opened' in reply && 'command' in reply;

export const Said = ({ verb, reply }: { verb: string; reply: unknown }) =>
  verb === 'pr' && reply !== null && typeof reply === 'object' && isPull(reply) ? <Pull made={reply} /> : <>{saidOf(verb, reply)}</>;
