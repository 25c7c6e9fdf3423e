//! Small values taken off the front of a fuzzer's bytes; zeros once they have run out, so that
//! every input means something.

/// The bytes that are left.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// One byte.
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    /// A number of so many bytes, at most eight, the lowest first.
    pub fn number(&mut self, bytes: u32) -> u64 {
        (0..bytes).fold(0, |number, place| {
            number | u64::from(self.byte()) << (8 * place)
        })
    }

    /// At most so many bytes.
    pub fn take(&mut self, most: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// A text: as many bytes as the first one says, with what is no UTF-8 replaced.
    pub fn text(&mut self) -> String {
        let length = usize::from(self.byte());
        String::from_utf8_lossy(self.take(length)).into_owned()
    }

    /// Whether none are left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
