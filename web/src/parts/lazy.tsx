/** A page whose code is fetched when it is first looked at. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Empty, Loading } from './notice.tsx';

type Loaded<P> = { view: ComponentType<P> } | 'gone' | null;

export const lazy = <P extends object>(what: string, load: () => Promise<ComponentType<P>>) => {
  let kept: ComponentType<P> | null = null;
  return (props: P) => {
    const [loaded, setLoaded] = useState<Loaded<P>>(kept && { view: kept });
    const fetchIt = async (): Promise<void> => {
      try {
        kept ??= await load();
        setLoaded({ view: kept });
      } catch {
        // The daemon is away, or another version of the page is served by now.
        setLoaded('gone');
      }
    };
    useEffect(() => void (loaded ?? fetchIt()), []);
    if (loaded === null) return <Loading what={what} lines={6} />;
    if (loaded === 'gone')
      return (
        <Empty title={`The part of the page that shows ${what} could not be fetched`}>
          <p>
            <button type="button" onClick={() => location.reload()}>
              Load the page anew
            </button>
          </p>
        </Empty>
      );
    return <loaded.view {...props} />;
  };
};
