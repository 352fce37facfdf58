/** A falling third, soft at its edges: 0.9 s that any loudspeaker carries. Resolves when it has ended. */
export async function playTone(speaker?: string): Promise<void> {
  const context = new AudioContext();
  try {
    await context.resume();
    await chooseSpeaker(context, speaker);
    note(context, 660, 0);
    note(context, 528, 0.42);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  } finally {
    await context.close();
  }
}

async function chooseSpeaker(context: AudioContext, speaker?: string): Promise<void> {
  const choosing = context as AudioContext & { setSinkId?: (id: string) => Promise<void> };
  // A speaker that is gone, or a browser that does not choose: the default one plays.
  if (speaker) await choosing.setSinkId?.(speaker).catch(() => undefined);
}

function note(context: AudioContext, hertz: number, after: number): void {
  const start = context.currentTime + after;
  const oscillator = new OscillatorNode(context, { type: 'sine', frequency: hertz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.25, start + 0.04);
  gain.gain.linearRampToValueAtTime(0, start + 0.4);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.42);
}
