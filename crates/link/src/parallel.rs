//! Work in several threads whose result does not depend on how many there are.

use std::sync::Mutex;

/// Inputs below this many bytes are linked by one thread: starting and joining a thread for each phase takes longer than
/// the work does.
const WORTH_THREADS: u64 = 1 << 20;

/// How many threads a link of `bytes` of input is worth. The machine is asked how many it has only for a large one: the
/// answer takes longer than a small link's symbols.
pub(crate) fn worthwhile(threads: usize, bytes: u64) -> usize {
    match threads {
        _ if bytes < WORTH_THREADS => 1,
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        threads => threads,
    }
}

/// `f` of every item, in order. Items are handed out one by one, results are put back in the items' order.
pub(crate) fn map<T: Send, R: Send>(threads: usize, items: Vec<T>, f: impl Fn(T) -> R + Sync) -> Vec<R> {
    let n_workers = threads.min(items.len());
    if n_workers <= 1 {
        return items.into_iter().map(f).collect();
    }
    let mut slots: Vec<Option<R>> = std::iter::repeat_with(|| None).take(items.len()).collect();
    let queue = Mutex::new(items.into_iter().enumerate());
    let work = || {
        let mut done = Vec::new();
        loop {
            let next = queue.lock().ok().and_then(|mut queue| queue.next());
            let Some((idx, item)) = next else { return done };
            done.push((idx, f(item)));
        }
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = (1..n_workers).map(|_| scope.spawn(work)).collect();
        let mut all = vec![work()];
        for handle in handles {
            match handle.join() {
                Ok(done) => all.push(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        for (idx, result) in all.into_iter().flatten() {
            slots[idx] = Some(result);
        }
    });
    slots.into_iter().map(|slot| slot.expect("every item was worked on")).collect()
}

/// `f` of every item in place, cut into runs so that a lock is taken a few dozen times only.
pub(crate) fn for_each<T: Send>(threads: usize, items: &mut [T], f: impl Fn(&mut T) + Sync) {
    let run = (items.len() / (threads.max(1) * 16)).max(1);
    let runs: Vec<&mut [T]> = items.chunks_mut(run).collect();
    map(threads, runs, |run| run.iter_mut().for_each(&f));
}
