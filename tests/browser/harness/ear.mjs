/**
 * What a page needs to measure the sound that it plays, as a script: `qismEar.listen([440, 660])` looks at everything
 * that the page's audio elements play, every few milliseconds, and keeps how loud each frequency is: `heard` holds
 * `{ at (ms since 1970), decibels: { 440: -28, … } }`. Only what stands out of its surroundings counts as a tone: a
 * machine too busy to play without gaps makes clicks, which sound at every frequency.
 */
export const EAR = `
globalThis.qismEar = (() => {
  const LOOK_MS = 25, KEPT = 4000, SIZE = 4096, NEAR = 3, AROUND = 30, STANDS_OUT = 20, NOTHING = -200;
  const heard = [];
  let context;
  const analysers = new Map();
  function analyse() {
    for (const audio of document.querySelectorAll('audio')) {
      for (const track of audio.srcObject?.getAudioTracks() ?? []) {
        if (analysers.has(track)) continue;
        const analyser = context.createAnalyser();
        analyser.fftSize = SIZE;
        analyser.smoothingTimeConstant = 0;
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        analysers.set(track, analyser);
      }
    }
    for (const track of analysers.keys()) if (track.readyState === 'ended') analysers.delete(track);
  }
  function toneAt(spectrum, bin) {
    const loudest = Math.max(...spectrum.subarray(bin - 1, bin + 2));
    const around = [...spectrum.subarray(bin - AROUND, bin - NEAR), ...spectrum.subarray(bin + NEAR, bin + AROUND)];
    around.sort((a, b) => a - b);
    return loudest - around[around.length >> 1] > STANDS_OUT ? loudest : NOTHING;
  }
  function listen(frequencies) {
    context = new AudioContext();
    const spectrum = new Float32Array(SIZE / 2);
    setInterval(() => {
      analyse();
      const decibels = {};
      for (const hertz of frequencies) {
        const bin = Math.round((hertz / context.sampleRate) * SIZE);
        decibels[hertz] = NOTHING;
        for (const analyser of analysers.values()) {
          analyser.getFloatFrequencyData(spectrum);
          decibels[hertz] = Math.max(decibels[hertz], toneAt(spectrum, bin));
        }
      }
      heard.push({ at: Date.now(), decibels });
      if (heard.length > KEPT) heard.shift();
    }, LOOK_MS);
    return context.resume();
  }
  return { listen, heard };
})();
`;

/** A tone of the fixtures arrives at about -30 dB. */
export const HEARD_DECIBELS = -50;
