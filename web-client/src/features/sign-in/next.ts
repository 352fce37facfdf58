/** Where somebody was going when they were asked to sign in: a page of ours, and no other server's. */
export function nextOf(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/';
}
