import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, type ApiProblem, type Asked, api, type ItemOf, type Listed, problemOf } from '../../api/client';

export type Loaded<T> =
  | { state: 'loading'; value: T | undefined }
  | { state: 'failed'; problem: ApiProblem; value: T | undefined }
  | { state: 'here'; value: T };

/** What `load` gives, loaded anew when `deps` change; the last value stays while the next one comes. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  deps: readonly unknown[],
): Loaded<T> & { again: () => void } {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading', value: undefined });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  useEffect(() => {
    const abort = new AbortController();
    setLoaded(({ value }) => ({ state: 'loading', value }));
    load(abort.signal).then(
      (value) => abort.signal.aborted || setLoaded({ state: 'here', value }),
      (error) =>
        abort.signal.aborted ||
        setLoaded(({ value }) => ({ state: 'failed', problem: problemOf(error), value }) as Loaded<T>),
    );
    return () => abort.abort();
  }, [turn, ...deps]);
  return { ...loaded, again };
}

export interface Pages<T> {
  state: 'loading' | 'failed' | 'here';
  problem?: ApiProblem;
  items: readonly T[];
  /** Whether there is a next page. */
  more: boolean;
  /** Fetches the next page, or the first one again after a failure. */
  next: () => void;
  /** Fetches the list anew. */
  again: () => void;
  /** Changes what is shown without asking, after a change that the server confirmed. */
  edit: (change: (items: readonly T[]) => readonly T[]) => void;
}

/** A list that comes in pages; another query (search, filters) begins it anew. */
export function usePages<P extends Listed>(path: P, asked: Asked<'GET', P>): Pages<ItemOf<P>> {
  type Item = ItemOf<P>;
  const [items, setItems] = useState<readonly Item[]>([]);
  const [cursor, setCursor] = useState<string | undefined>();
  const [state, setState] = useState<Pages<Item>['state']>('loading');
  const [problem, setProblem] = useState<ApiProblem>();
  const abort = useRef<AbortController | null>(null);
  const key = JSON.stringify([path, asked]);

  const fetchPage = async (after?: string) => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    setState('loading');
    try {
      const { query } = asked as { query?: object };
      const page = (await api.get(path, {
        ...asked,
        query: { ...query, after },
        signal: mine.signal,
      } as Asked<'GET', P>)) as Answer<'GET', P> & { items: Item[]; next?: string };
      if (mine.signal.aborted) return;
      setItems((before) => (after ? [...before, ...page.items] : page.items));
      setCursor(page.next);
      setState('here');
    } catch (error) {
      if (mine.signal.aborted) return;
      setProblem(problemOf(error));
      setState('failed');
    }
  };
  const begin = () => {
    setItems([]);
    setCursor(undefined);
    void fetchPage();
  };
  useEffect(() => {
    begin();
    return () => abort.current?.abort();
  }, [key]);
  return {
    state,
    ...(problem && { problem }),
    items,
    more: cursor !== undefined,
    next: () => void fetchPage(cursor),
    again: begin,
    edit: setItems,
  };
}
