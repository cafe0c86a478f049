/** The keyboard keeps its place: who pressed a command is on it again after its dialog is gone, or at the commands where it is no more. */
import { useEffect, useRef } from 'preact/hooks';

/** Elements behind a closed list take no focus: what opens the list does. */
const reachable = (button: HTMLElement): HTMLElement | null =>
  button.offsetParent === null ? (button.closest('.more')?.querySelector('button') ?? null) : button;

/** `settled`: no dialog is open and nothing is being done. `isBack()`: the focus comes from here, not from a person who considers a command. */
export const useKeptFocus = (settled: boolean) => {
  const group = useRef<HTMLDivElement>(null);
  const pressed = useRef<HTMLElement | null>(null);
  const back = useRef(false);

  useEffect(() => {
    const elsewhere = ({ target }: Event): void => {
      if (target instanceof Node && !group.current?.contains(target)) pressed.current = null;
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, []);

  // After every drawing: a command may take its own button away, some steps later.
  useEffect(() => {
    if (pressed.current === null || !settled || document.activeElement !== document.body) return;
    const there = pressed.current.isConnected && pressed.current.matches(':enabled') ? reachable(pressed.current) : null;
    back.current = true;
    (there ?? group.current)?.focus({ preventScroll: true });
    back.current = false;
  });

  return {
    group,
    isBack: (): boolean => back.current,
    press: (): void => {
      const { activeElement } = document;
      pressed.current = activeElement instanceof HTMLElement && group.current?.contains(activeElement) ? activeElement : null;
    },
  };
};
