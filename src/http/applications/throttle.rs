//! A brake on calls that anybody may make: so many from one address in a while.

use crate::time::Timestamp;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many applications come from one address in a while: a family, or a school's computer room over the day.
const FROM_ONE_ADDRESS: u32 = 20;

const WHILE: Duration = Duration::from_secs(3_600);

/// How many addresses are remembered; where more come within a while, all new ones are held up.
const ADDRESSES_MAX: usize = 10_000;

/// Counts what came from whom.
#[derive(Default)]
pub struct Throttle {
    counted: Mutex<HashMap<IpAddr, (Timestamp, u32)>>,
}

impl Throttle {
    /// Counts one call; false where too many came from there.
    pub fn allow(&self, from: IpAddr, now: Timestamp) -> bool {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let from = network(from);
        if !counted.contains_key(&from) && counted.len() >= ADDRESSES_MAX {
            counted.retain(|_, (since, _)| *since <= now && now.since(*since) < WHILE);
            if counted.len() >= ADDRESSES_MAX {
                return false;
            }
        }
        let (since, calls) = counted.entry(from).or_insert((now, 0));
        // A clock that was set back locks nobody out.
        if now.since(*since) >= WHILE || now < *since {
            (*since, *calls) = (now, 0);
        }
        *calls = calls.saturating_add(1);
        *calls <= FROM_ONE_ADDRESS
    }
}

/// One customer of an IPv6 provider has at least a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [first, second, third, fourth, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(first, second, third, fourth, 0, 0, 0, 0))
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_795_597_200_000_000);

    #[test]
    fn one_address_is_held_up_and_others_are_not() {
        let throttle = Throttle::default();
        let (one, same, other) = ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1");
        let allow = |from: &str, now| throttle.allow(from.parse().expect("an address"), now);
        assert!((0..FROM_ONE_ADDRESS).all(|_| allow(one, START)));
        assert!(!allow(same, START));
        assert!(allow(other, START) && allow("192.0.2.1", START));
        assert!(allow(one, START.plus(WHILE)));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let throttle = Throttle::default();
        let address = |number: usize| IpAddr::from(u32::try_from(number).expect("few").to_be_bytes());
        assert!((0..ADDRESSES_MAX).all(|number| throttle.allow(address(number), START)));
        assert!(!throttle.allow(address(ADDRESSES_MAX), START));
        assert!(throttle.allow(address(ADDRESSES_MAX), START.plus(WHILE)));
        assert!(throttle.counted.lock().expect("no panic").len() <= ADDRESSES_MAX);
    }
}
