import type { ComponentType, FunctionComponent, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** How long after a failure the file is asked for again, in milliseconds. */
const AGAIN_MS = 3000;

interface Options {
  /** Stands there until the component has come. */
  waiting?: () => VNode;
  /** Stands there when it has not come twice: some browsers do not ask again before a reload. */
  missing?: () => VNode;
}

/** A component in a file of its own, fetched when it is first shown or when `preload` is called. */
export function onDemand<P extends object>(
  load: () => Promise<ComponentType<P>>,
  { waiting, missing }: Options = {},
): FunctionComponent<P> & { preload: () => void } {
  let loaded: ComponentType<P> | undefined;
  const fetched = async () => {
    loaded ??= await load();
  };
  function OnDemand(props: P) {
    const [failures, setFailures] = useState(0);
    const [, setLoaded] = useState(false);
    useEffect(() => {
      if (loaded) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let gone = false;
      fetched().then(
        () => gone || setLoaded(true),
        () => {
          if (!gone) timer = setTimeout(() => setFailures(failures + 1), AGAIN_MS);
        },
      );
      return () => {
        gone = true;
        clearTimeout(timer);
      };
    }, [failures]);
    if (loaded) {
      const Component = loaded;
      return <Component {...props} />;
    }
    return (failures > 1 ? missing?.() : undefined) ?? waiting?.() ?? null;
  }
  return Object.assign(OnDemand, { preload: () => void fetched().catch(() => undefined) });
}
