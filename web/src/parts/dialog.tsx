/** A native modal dialog, opened and closed by a flag; Esc and a click beside it close it. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

type Props = { open: boolean; onClose: () => void; title: string; children: ComponentChildren };

export const Dialog = ({ open, onClose, title, children }: Props) => {
  const element = useRef<HTMLDialogElement>(null);
  // Before the next key arrives: what is typed right after the key that opened it belongs to its first field.
  useLayoutEffect(() => {
    if (open && !element.current?.open) element.current?.showModal();
    if (!open && element.current?.open) element.current.close();
  }, [open]);
  return (
    <dialog
      ref={element}
      aria-label={title}
      onClose={onClose}
      onPointerDown={(event) => {
        if (event.target === element.current) element.current?.close();
      }}
    >
      {open && (
        <div class="dialog-body">
          <header>
            <h2>{title}</h2>
            <button type="button" class="plain" aria-label="Close" onClick={onClose}>
              ✕
            </button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
};
