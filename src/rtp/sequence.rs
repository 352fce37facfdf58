/// An RTP or transport-wide sequence number: 16 bits that wrap around.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seq(pub u16);

impl Seq {
    /// The number `count` places on.
    #[must_use]
    pub fn plus(self, count: u16) -> Self {
        Self(self.0.wrapping_add(count))
    }

    /// How far this number is ahead of `other` on the shorter way round; negative where it is behind.
    #[must_use]
    pub fn ahead_of(self, other: Self) -> i16 {
        self.0.wrapping_sub(other.0).cast_signed()
    }
}

/// A sequence number with its wraps counted: what RFC 3550 A.1 calls extended, in 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtendedSeq(pub u64);

impl ExtendedSeq {
    /// Where counting starts for a source whose first number is `seq`: one wrap in, so that numbers a little older
    /// can be told too.
    #[must_use]
    pub fn start(seq: Seq) -> Self {
        Self(0x1_0000 + u64::from(seq.0))
    }

    /// The extended number nearest to this one whose low bits are `seq`; `None` before the beginning of counting.
    #[must_use]
    pub fn nearest(self, seq: Seq) -> Option<Self> {
        self.0.checked_add_signed(i64::from(seq.ahead_of(self.seq()))).map(Self)
    }

    /// The low 16 bits, as they are sent.
    #[must_use]
    pub fn seq(self) -> Seq {
        Seq((self.0 & 0xffff) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_wrap_around_and_keep_their_order() {
        assert_eq!(Seq(65_535).plus(2), Seq(1));
        assert_eq!(Seq(1).ahead_of(Seq(65_535)), 2);
        assert_eq!(Seq(65_535).ahead_of(Seq(1)), -2);
        let before = ExtendedSeq::start(Seq(65_534));
        let after = before.nearest(Seq(3)).unwrap();
        assert_eq!(after.0, before.0 + 5);
        assert_eq!(after.nearest(Seq(65_534)), Some(before));
    }

    #[test]
    fn nothing_is_before_the_beginning() {
        assert_eq!(ExtendedSeq(3).nearest(Seq(65_000)), None);
    }

    proptest! {
        #[test]
        fn the_nearest_number_has_the_same_low_bits(from in 0u64..1 << 48, seq: u16) {
            if let Some(found) = ExtendedSeq(from).nearest(Seq(seq)) {
                prop_assert_eq!(found.seq(), Seq(seq));
                prop_assert!(found.0.abs_diff(from) <= 0x8000);
            }
        }
    }
}
