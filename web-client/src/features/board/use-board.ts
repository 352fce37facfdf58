import { useEffect, useState } from 'preact/hooks';
import { api } from '../../api/client';
import type { BoardMessage } from '../../call/protocol.gen';
import type { Reach } from '../institutions/institution';
import { Feed } from './feed';
import { Frames } from './frames';
import { Spread } from './spread';
import { Store } from './store';

/** The board's store, fed for as long as the page is shown; `level` is how far the reader's institution reaches. */
export function useBoard(level: Reach): Store {
  const [spread] = useState(() => new Spread());
  const [store] = useState(() => new Store(level, (key, work) => spread.add(key, work)));
  useEffect(() => follow(store, spread), [store, spread]);
  return store;
}

function follow(store: Store, spread: Spread): () => void {
  const frames = new Frames((message: BoardMessage) => store.take(message));
  const feed = new Feed({
    onOpen: (send) => store.connected(send),
    onMessage: (message) => frames.add(message),
    onGone: () => {
      // What came before the end is still so.
      frames.flush();
      store.gone();
      // A session that has ended is found out by asking: a browser does not say why a WebSocket was refused.
      api.get('/api/me').catch(() => undefined);
    },
  });
  return () => {
    feed.close();
    frames.clear();
    spread.clear();
  };
}
