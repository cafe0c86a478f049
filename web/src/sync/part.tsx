/** One list of the page with its head; says when there is nothing, when it is being read, and when it could not be. */
import type { ComponentChildren } from 'preact';
import { Loading, TroubleBox } from '../parts/notice.tsx';
import type { Fetched } from '../task/use-fetched.ts';

type Props<T> = { title: string; what: string; got: Fetched<T[]>; none: string; children: (rows: T[]) => ComponentChildren };

export const Part = <T,>({ title, what, got: { data, trouble, meta }, none, children }: Props<T>) => (
  <section class="panel sync-part" aria-label={title}>
    <h2>
      {title} {data && data.length > 0 && <span class="dim">{(meta?.total ?? data.length).toLocaleString('en')}</span>}
    </h2>
    {trouble && <TroubleBox trouble={trouble} />}
    {!data && !trouble && <Loading what={what} />}
    {data?.length === 0 && <p class="dim">{none}</p>}
    {data && data.length > 0 && children(data)}
  </section>
);
