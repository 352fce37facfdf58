import { useEffect, useRef } from 'preact/hooks';
import type { Picture as What } from '../../call';
import { useSession } from './session';

interface Props {
  what: What;
  /** What it shows, for those who do not see it. */
  label: string;
}

/**
 * A live picture. Its last frame stays while the connection comes back. One's own is not mirrored: what is written in it
 * has to read as the class reads it.
 */
export function Picture({ what, label }: Props) {
  const { call } = useSession();
  const element = useRef<HTMLVideoElement>(null);
  const key = 'publication' in what ? what.publication : what.local;
  // `key` says which picture `what` is
  useEffect(() => (element.current ? call.attach(element.current, what) : undefined), [call, key]);
  return <video ref={element} muted playsInline autoplay aria-label={label} />;
}
