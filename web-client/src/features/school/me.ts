import { computed, signal } from '@preact/signals';
import { api, type Me, problemOf, whenSignedOut } from '../../api/client';
import { keepSignedIn } from '../../memory';
import { at, goHome, returnToWork, workplace } from './workplace';

/** Who is signed in in this browser: `undefined` until that is known, `null` where nobody is. */
export const me = signal<Me | null | undefined>(undefined);

/** The same, at the institution they work in. */
export const here = computed(() => me.value && at(me.value, workplace.value));

/** Finds out who is signed in. Throws `ApiProblem` where the server does not answer. */
export async function loadMe(): Promise<Me | null> {
  try {
    const who = await api.get('/api/me');
    if (!workplace.value) await returnToWork(who);
    know(who);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code !== 'not_signed_in') throw problem;
    know(null);
  }
  return me.value ?? null;
}

/** Takes what the server said about who is signed in. */
export function know(who: Me | null): void {
  // Nobody begins where somebody else was.
  if (!who || (me.value && who.id !== me.value.id)) goHome();
  me.value = who;
  keepSignedIn(who !== null);
}

/** Ends this browser's session; `leave` goes to a page that needs none, before what was shown is gone. */
export async function signOut(leave: () => void): Promise<void> {
  await api.post('/api/sign-out');
  leave();
  know(null);
}

// A session that ended elsewhere ends here too, at the next call.
whenSignedOut(() => know(null));
