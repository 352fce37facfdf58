//! Reading and writing big-endian fields without a way to panic.

/// A view that is consumed from the front; `None` where the bytes end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (front, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*front)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u24(&mut self) -> Option<u32> {
        self.array().map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }
}

/// Fills a buffer from the front. What does not fit is not written, and `fits` remembers that.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    buffer: &'a mut [u8],
    at: usize,
    fits: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, at: 0, fits: true }
    }

    pub(super) fn put(&mut self, bytes: &[u8]) {
        let place = self.at.checked_add(bytes.len()).and_then(|end| self.buffer.get_mut(self.at..end));
        match place {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.at += bytes.len();
            }
            None => self.fits = false,
        }
    }

    /// Writes over what is already there.
    pub(super) fn put_at(&mut self, at: usize, bytes: &[u8]) {
        let end = at.saturating_add(bytes.len());
        match self.buffer.get_mut(at..end) {
            Some(place) if end <= self.at => place.copy_from_slice(bytes),
            _ => self.fits = false,
        }
    }

    /// Zeros up to the next multiple of four bytes, counted from `start`.
    pub(super) fn pad_to_word(&mut self, start: usize) {
        while self.fits && !self.at.wrapping_sub(start).is_multiple_of(4) {
            self.put(&[0]);
        }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn room(&self) -> usize {
        self.buffer.len().saturating_sub(self.at)
    }

    /// Forgets what was written from `at` on.
    pub(super) fn rewind(&mut self, at: usize) {
        self.at = self.at.min(at);
        self.fits = true;
    }

    pub(super) fn fits(&self) -> bool {
        self.fits
    }

    pub(super) fn written(&self) -> &[u8] {
        self.buffer.get(..self.at).unwrap_or_default()
    }
}
