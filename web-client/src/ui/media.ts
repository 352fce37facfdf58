import { useEffect, useState } from 'preact/hooks';

/** Whether a media query holds, kept up to date. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => setMatches(list.matches);
    update();
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  }, [query]);
  return matches;
}

/** The widths at which the layouts change (DESIGN: space, form, layout). */
export const WIDE_JOIN = '(min-width: 900px)';
export const WITH_SIDE = '(min-width: 1024px)';
export const TRAINER_WIDE = '(min-width: 1200px)';
