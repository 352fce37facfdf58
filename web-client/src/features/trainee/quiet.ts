import { useEffect, useState } from 'preact/hooks';
import { useMedia } from '../../ui/media';

/** A phone held sideways: the screen fills it and the keys step back. */
const SIDEWAYS = '(max-height: 500px) and (orientation: landscape)';
const HIDE_AFTER_MS = 4000;

/** Sideways, the keys go after a while and come back at a touch or a key. */
export function useQuiet(): boolean {
  const sideways = useMedia(SIDEWAYS);
  const [hidden, setHidden] = useState(false);
  useEffect(() => {
    setHidden(false);
    if (!sideways) return;
    let timer = setTimeout(() => setHidden(true), HIDE_AFTER_MS);
    const awake = () => {
      setHidden(false);
      clearTimeout(timer);
      timer = setTimeout(() => setHidden(true), HIDE_AFTER_MS);
    };
    addEventListener('pointerdown', awake);
    addEventListener('keydown', awake);
    return () => {
      clearTimeout(timer);
      removeEventListener('pointerdown', awake);
      removeEventListener('keydown', awake);
    };
  }, [sideways]);
  return hidden;
}
