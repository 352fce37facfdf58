import { NAME_CHARS_MAX } from '../../call';

/** What is wrong with a name before it is sent; the server has the last word. */
export function nameError(name: string): 'missing' | 'long' | null {
  const characters = [...name.trim()].length;
  if (characters === 0) return 'missing';
  return characters > NAME_CHARS_MAX ? 'long' : null;
}
