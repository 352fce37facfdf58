import { useEffect, useRef } from 'preact/hooks';
import type { Picture as What } from '../../call';
import { useSession } from './session';

interface Props {
  what: What;
  /** What it shows, for those who do not see it. */
  label: string;
}

/** A live picture. Its last frame stays while the connection comes back. */
export function Picture({ what, label }: Props) {
  const { call } = useSession();
  const element = useRef<HTMLVideoElement>(null);
  const key = 'publication' in what ? what.publication : what.local;
  // `key` says which picture `what` is
  useEffect(() => (element.current ? call.attach(element.current, what) : undefined), [call, key]);
  const mirrored = 'local' in what && what.local === 'camera';
  return <video ref={element} class={mirrored ? 'is-self' : undefined} muted playsInline autoplay aria-label={label} />;
}
