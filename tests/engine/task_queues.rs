//! The order in which tasks of several sources run.

use readystate::task_source::{TaskQueues, TaskSource};

use crate::support::page::page;
use crate::support::trials;

trials!("engine::task_queues":
    the_oldest_task_of_all_sources_goes_first,
    idle_tasks_wait_for_all_others,
    refused_tasks_are_gone_and_not_counted,
    finalizers_run_in_a_page_that_is_never_idle,
);

fn drain(queues: &mut TaskQueues<&'static str>) -> Vec<&'static str> {
    std::iter::from_fn(|| queues.pop().map(|(_, task)| task)).collect()
}

fn the_oldest_task_of_all_sources_goes_first() {
    let mut queues = TaskQueues::new();
    queues.push(TaskSource::Timer, "timer");
    queues.push(TaskSource::Networking, "network 1");
    queues.push(TaskSource::DomManipulation, "dom");
    queues.push(TaskSource::Networking, "network 2");
    assert_eq!(
        drain(&mut queues),
        ["timer", "network 1", "dom", "network 2"]
    );
}

fn idle_tasks_wait_for_all_others() {
    let mut queues = TaskQueues::new();
    queues.push(TaskSource::Idle, "idle");
    queues.push(TaskSource::Timer, "timer");
    assert_eq!(drain(&mut queues), ["timer", "idle"]);
    assert!(queues.is_empty());
}

fn refused_tasks_are_gone_and_not_counted() {
    let mut queues = TaskQueues::new();
    queues.push(TaskSource::Timer, "one");
    queues.push(TaskSource::Networking, "two");
    queues.retain(|task| *task != "one");
    assert_eq!(queues.len(), 1);
    assert_eq!(drain(&mut queues), ["two"]);
}

fn finalizers_run_in_a_page_that_is_never_idle() {
    let page = page();
    page.set_content("<!DOCTYPE html>", None).expect("it loads");
    // One task leads to the next, each with large garbage, so that the collector has a reason.
    let said: String = page
        .evaluate(
            "new Promise((done) => {
               const registry = new FinalizationRegistry(() => done('finalized'));
               const { port1, port2 } = new MessageChannel();
               let tasks = 0;
               port2.onmessage = () => {
                 registry.register(new Array(200000).fill(0.5), tasks);
                 if (++tasks < 20000) port1.postMessage(0);
                 else done('never');
               };
               port1.postMessage(0);
             })",
        )
        .expect("it ends");
    assert_eq!(said, "finalized");
}
