/** What `probe.bin` holds: three seconds of a link that carries voice only, a moment of any other. */
export const PROBE_BYTES = 24 * 1024;
