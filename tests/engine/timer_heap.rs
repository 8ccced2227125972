//! Timers by due time, and the clamp of nested ones.

use std::time::Duration;

use readystate::timer_heap::{TimerHeap, clamp};

use crate::support::trials;

trials!("engine::timer_heap":
    equal_times_go_in_the_order_they_were_armed,
    a_disarmed_timer_never_comes,
    equal_times_go_by_rank,
    arming_again_moves_a_timer,
    nothing_comes_before_its_time,
    a_retained_heap_has_no_trace_of_the_others,
    only_the_sixth_nested_timer_is_clamped,
);

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn drain(heap: &mut TimerHeap<u32>, now: Duration) -> Vec<u32> {
    std::iter::from_fn(|| heap.pop_due(now).map(|timer| timer.key)).collect()
}

fn equal_times_go_in_the_order_they_were_armed() {
    let mut heap = TimerHeap::new();
    heap.arm(3, ms(5), 1);
    heap.arm(1, ms(5), 1);
    heap.arm(2, ms(4), 1);
    assert_eq!(drain(&mut heap, ms(5)), [2, 3, 1]);
}

fn equal_times_go_by_rank() {
    let mut heap = TimerHeap::new();
    heap.arm_by_rank(3, ms(5), 1, 2);
    heap.arm_by_rank(1, ms(5), 1, 1);
    heap.arm_by_rank(2, ms(4), 1, 9);
    assert_eq!(drain(&mut heap, ms(5)), [2, 1, 3]);
}

fn a_disarmed_timer_never_comes() {
    let mut heap = TimerHeap::new();
    heap.arm(1, ms(1), 1);
    heap.arm(2, ms(2), 1);
    assert!(heap.disarm(&1));
    assert!(!heap.disarm(&1));
    assert_eq!(drain(&mut heap, ms(9)), [2]);
}

fn arming_again_moves_a_timer() {
    let mut heap = TimerHeap::new();
    heap.arm(1, ms(1), 1);
    heap.arm(2, ms(2), 1);
    heap.arm(1, ms(3), 1);
    assert_eq!(heap.len(), 2);
    assert_eq!(drain(&mut heap, ms(9)), [2, 1]);
}

fn nothing_comes_before_its_time() {
    let mut heap = TimerHeap::new();
    heap.arm(1, ms(10), 1);
    assert!(drain(&mut heap, ms(9)).is_empty());
    assert_eq!(heap.next().map(|timer| timer.due), Some(ms(10)));
}

fn a_retained_heap_has_no_trace_of_the_others() {
    let mut heap = TimerHeap::new();
    heap.arm(1, ms(1), 1);
    heap.arm(2, ms(2), 1);
    heap.retain(|key| *key == 2);
    assert_eq!((heap.len(), drain(&mut heap, ms(9))), (1, vec![2]));
}

fn only_the_sixth_nested_timer_is_clamped() {
    assert_eq!(clamp(ms(0), 5), ms(0));
    assert_eq!(clamp(ms(0), 6), ms(4));
    assert_eq!(clamp(ms(7), 6), ms(7));
}
