/** Boxes for what is not there (yet): nothing, loading, trouble. Each says what to do. */
import type { ComponentChildren } from 'preact';
import type { Trouble } from '../api/http.ts';
import { Ticked } from './ticked.tsx';

export const Empty = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    {children}
  </div>
);

/** Grey bars in the place of what is being read. */
export const Loading = ({ what, lines = 3 }: { what: string; lines?: number }) => (
  <div class="loading" role="status">
    <span class="hidden">Loading {what}</span>
    {Array.from({ length: lines }, (_, i) => (
      <span key={i} class="bar" aria-hidden="true" />
    ))}
  </div>
);

export const TroubleBox = ({ trouble }: { trouble: Trouble }) => (
  <div class="trouble" role="alert">
    <strong>{trouble.title}.</strong> <Ticked text={trouble.detail} />{' '}
    <span class="next">
      <Ticked text={trouble.next} />
    </span>
  </div>
);
