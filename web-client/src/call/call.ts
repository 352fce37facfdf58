import type { Call, CallOptions } from './types';

/** Makes a call; nothing happens before `connect`. */
export function createCall(_options: CallOptions): Call {
  throw new Error('The call engine has not landed yet.');
}
