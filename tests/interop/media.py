"""A picture that a machine can read, a tone, and what tells that they arrived."""

import asyncio
import cmath
import math
import struct
from fractions import Fraction

from aiortc import AudioStreamTrack, VideoStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

WIDTH, HEIGHT = 320, 240
FRAME_RATE = 15
# The picture is one row of blocks, black for 0 and white for 1: a mark that says whose picture it is, the frame's
# number, and the two's checksum.
MARK_BITS, NUMBER_BITS, SUM_BITS = 4, 8, 4
BITS = MARK_BITS + NUMBER_BITS + SUM_BITS
BLOCK = WIDTH // BITS
DARK, LIGHT = 40, 210

SAMPLE_RATE = 48_000
SAMPLES = SAMPLE_RATE // 50


def checksum(mark, number):
    return (mark + number + (number >> 4) + 5) & 0xF


class CounterTrack(VideoStreamTrack):
    """15 frames a second that carry `mark` and count."""

    def __init__(self, mark):
        super().__init__()
        self._mark = mark
        self._number = 0
        self._start = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        if self._start is None:
            self._start = loop.time()
        await asyncio.sleep(self._start + self._number / FRAME_RATE - loop.time())
        number = self._number & 0xFF
        word = (self._mark << (NUMBER_BITS + SUM_BITS)) | (number << SUM_BITS) | checksum(self._mark, number)
        row = b"".join(bytes([LIGHT if word >> (BITS - 1 - bit) & 1 else DARK]) * BLOCK for bit in range(BITS))
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        luma = frame.planes[0]
        luma.update((row + bytes(luma.line_size - WIDTH)) * HEIGHT)
        for plane in frame.planes[1:]:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = self._number * 90_000 // FRAME_RATE, Fraction(1, 90_000)
        self._number += 1
        return frame


def read_counter(frame):
    """The mark and number of a decoded frame; None where the checksum says that it is not one of ours."""
    luma = frame.reformat(format="yuv420p").planes[0]
    pixels = memoryview(luma)
    block = frame.width / BITS
    word = 0
    for bit in range(BITS):
        x = int((bit + 0.5) * block)
        light = sum(pixels[y * luma.line_size + x] for y in range(frame.height // 4, frame.height * 3 // 4, 8))
        lines = len(range(frame.height // 4, frame.height * 3 // 4, 8))
        word = word << 1 | (light / lines > (DARK + LIGHT) / 2)
    mark, number = word >> (NUMBER_BITS + SUM_BITS), word >> SUM_BITS & 0xFF
    return (mark, number) if word & 0xF == checksum(mark, number) else None


class ToneTrack(AudioStreamTrack):
    """A steady tone of a whole number of hertz, which one second of samples repeats."""

    def __init__(self, frequency_hz):
        super().__init__()
        step = math.tau * frequency_hz / SAMPLE_RATE
        second = (round(12_000 * math.sin(step * at)) for at in range(SAMPLE_RATE))
        self._second = struct.pack(f"<{SAMPLE_RATE}h", *second)
        self._position = 0
        self._start = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        if self._start is None:
            self._start = loop.time()
        await asyncio.sleep(self._start + self._position / SAMPLE_RATE - loop.time())
        start = self._position % SAMPLE_RATE * 2
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(self._second[start : start + SAMPLES * 2])
        frame.sample_rate = SAMPLE_RATE
        frame.pts, frame.time_base = self._position, Fraction(1, SAMPLE_RATE)
        self._position += SAMPLES
        return frame


def share_of(samples, frequency_hz):
    """How much of the samples' energy, 0 to 1, lies at a frequency."""
    energy = sum(sample * sample for sample in samples)
    if energy < len(samples) * 100:
        return 0.0
    step = -1j * math.tau * frequency_hz / SAMPLE_RATE
    at_frequency = abs(sum(sample * cmath.exp(step * at) for at, sample in enumerate(samples)))
    return 2 * at_frequency**2 / len(samples) / energy


class Spectator:
    """Takes the tracks of a connection and notes what they show and sound."""

    def __init__(self, connection, frequencies_hz=()):
        self.numbers = {}  # mark → how often its number went forward
        self.tones = set()
        self.frames = 0
        self.unreadable = 0
        self._frequencies_hz = frequencies_hz
        self._changed = asyncio.Event()
        self._tasks = []

        @connection.on("track")
        def _(track):
            work = self._look(track) if track.kind == "video" else self._listen(track)
            self._tasks.append(asyncio.ensure_future(work))

    async def _look(self, track):
        last = {}
        try:
            while True:
                read = read_counter(await track.recv())
                self.frames += 1
                if read is None:
                    self.unreadable += 1
                    continue
                mark, number = read
                if mark in last and 0 < (number - last[mark]) & 0xFF < 128:
                    self.numbers[mark] = self.numbers.get(mark, 0) + 1
                last[mark] = number
                self._changed.set()
        except MediaStreamError:
            return

    async def _listen(self, track):
        heard = []
        try:
            while True:
                frame = await track.recv()
                channels = len(frame.layout.channels)
                raw = bytes(frame.planes[0])[: frame.samples * channels * 2]
                heard.extend(struct.unpack(f"<{frame.samples * channels}h", raw)[::channels])
                if len(heard) < SAMPLE_RATE // 4:
                    continue
                self.tones.update(tone for tone in self._frequencies_hz if share_of(heard, tone) > 0.7)
                heard.clear()
                self._changed.set()
        except MediaStreamError:
            return

    async def until(self, fits, bound_s=20):
        """Waits until what was seen and heard fits."""
        deadline = asyncio.get_running_loop().time() + bound_s
        while not fits(self):
            self._changed.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._changed.wait(), max(left, 0))
            except asyncio.TimeoutError:
                seen = f"{self.frames} frames ({self.unreadable} unreadable), advanced {self.numbers}"
                raise AssertionError(f"waited {bound_s} s in vain: {seen}, tones {self.tones}") from None

    def forget(self):
        self.numbers.clear()
        self.tones.clear()

    async def stop(self):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
