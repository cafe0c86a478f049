/** Says each step to those who listen instead of look; one a second at most, the newest wins. */
import { useEffect, useRef, useState } from 'preact/hooks';

export const Announce = ({ text }: { text: string }) => {
  const [said, setSaid] = useState('');
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + 1000 - Date.now());
    const timer = setTimeout(() => {
      last.current = Date.now();
      setSaid(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p class="hidden" aria-live="polite">
      {said}
    </p>
  );
};
