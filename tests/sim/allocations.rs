//! Counts what a thread allocates: the path of a packet must not.

use super::world::{Line, World, path, room};
use super::{CLEAN, SECOND, camera, connect_all};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[expect(unsafe_code, reason = "an allocator has no safe interface; this one hands everything on to the system's")]
// SAFETY: every call goes to `System` as it came; counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `System` by the calls here.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as for `dealloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn count() {
    // A thread that ends has no counter any more.
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

fn allocations_of(run: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.get();
    run();
    ALLOCATIONS.get() - before
}

#[test]
fn what_is_allocated_is_counted() {
    assert_eq!(allocations_of(|| drop(std::hint::black_box(Box::new(1_u64)))), 1);
    assert_eq!(allocations_of(|| ()), 0);
}

#[test]
fn a_forwarded_packet_costs_no_allocation() {
    const VIEWERS: usize = 20;
    let mut world = World::new(1, CLEAN);
    let publisher = world.join(room(1), &[Line::SendsVideo { simulcast: false, ssrc: 100 }]);
    let viewers: Vec<usize> = (0..VIEWERS).map(|_| world.join(room(1), &[Line::ReceivesVideo])).collect();
    world.publish(publisher, 0, 1);
    for viewer in &viewers {
        world.show(*viewer, 0, Some(1), None);
    }
    let all: Vec<usize> = (0..=VIEWERS).collect();
    connect_all(&mut world, &all);
    camera(&mut world, publisher, 100, 1);
    // Buffers grow to what they need: the cache has room for four seconds of these frames.
    world.run(5 * SECOND);
    let mut camera = world.member(publisher).encoders.remove(0);
    // What is under way arrives.
    world.run(SECOND / 10);
    let (mut packets, mut forwarded, mut allocations) = (0, 0, 0);
    for _ in 0..100 {
        // What is due by time happens between frames, and may allocate.
        world.run(SECOND / 30);
        let mut datagrams = world.sealed(publisher, &mut camera);
        let now = world.now;
        let shard = &mut world.shard;
        let before = shard.counters().rtp_forwarded;
        packets += datagrams.len();
        allocations += allocations_of(|| {
            for datagram in &mut datagrams {
                shard.handle_datagram(now, path(publisher), datagram);
                while shard.fan_out(now) {
                    shard.clear_outgoing(0);
                }
                shard.clear_outgoing(0);
            }
        });
        forwarded += shard.counters().rtp_forwarded - before;
    }
    assert!(packets >= 300 && forwarded >= (packets * VIEWERS) as u64 * 9 / 10, "{packets} in, {forwarded} out");
    assert_eq!(allocations, 0, "for {packets} packets in and {forwarded} out");
}
