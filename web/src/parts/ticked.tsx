/** A sentence of the daemon's or the page's own, in which `commands` stand between ticks. */
export const Ticked = ({ text }: { text: string }) => (
  <>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>
);
