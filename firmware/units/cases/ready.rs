use crate::harness::Random;
use crate::ready::{Links, MAX_TASKS, PRIORITIES, ReadyQueue};

/// Entries of a queue in the order in which they would run: highest priority first, then by place.
#[derive(Clone, Copy)]
struct Model {
    entries: [(u8, u8); MAX_TASKS],
    length: usize,
}

impl Model {
    fn insert(&mut self, task: u8, priority: u8, front: bool) {
        let runs_before = |other: u8| other > priority || other == priority && !front;
        let at = self.entries[..self.length].iter().take_while(|entry| runs_before(entry.1)).count();
        self.entries.copy_within(at..MAX_TASKS - 1, at + 1);
        self.entries[at] = (task, priority);
        self.length += 1;
    }

    fn remove(&mut self, at: usize) -> (u8, u8) {
        let entry = self.entries[at];
        self.entries.copy_within(at + 1.., at);
        self.length -= 1;
        entry
    }

    fn entries(&self) -> &[(u8, u8)] {
        &self.entries[..self.length]
    }
}

/// Two queues share their links, as those of the cores do.
fn compare(priorities: usize) {
    let mut random = Random::new();
    let mut links = Links::new();
    let mut queues = [const { ReadyQueue::new() }; 2];
    let mut models = [Model { entries: [(0, 0); MAX_TASKS], length: 0 }; 2];
    let (mut most, mut moved) = (0, 0);
    for step in 0..6000 {
        let q = random.below(2);
        let task = random.below(MAX_TASKS) as u8;
        let place = |model: &Model| model.entries().iter().position(|entry| entry.0 == task);
        match [place(&models[0]), place(&models[1])] {
            [None, None] => {
                let priority = random.below(priorities) as u8;
                let front = random.chance(30);
                if front {
                    queues[q].push_front(&mut links, task, priority);
                } else {
                    queues[q].push_back(&mut links, task, priority);
                }
                models[q].insert(task, priority, front);
            }
            // A task in the middle leaves, and is at once in the other queue, as one that is stolen.
            [at0, at1] if random.chance(25) => {
                let from = at0.is_none() as usize;
                let (_, priority) = models[from].remove(at0.or(at1).unwrap());
                queues[from].remove(&mut links, task, priority);
                if random.chance(50) {
                    queues[1 - from].push_back(&mut links, task, priority);
                    models[1 - from].insert(task, priority, false);
                    moved += 1;
                }
            }
            _ if random.chance(25) => {
                let expected = (models[q].length > 0).then(|| models[q].remove(0).0);
                assert_eq!(queues[q].pop(&mut links), expected, "pop at step {step}");
            }
            _ => {}
        }
        most = most.max(models[q].length);
        let wanted = random.next();
        for (queue, model) in queues.iter().zip(&models) {
            assert_eq!(queue.len(), model.length);
            assert_eq!(queue.is_empty(), model.length == 0);
            assert_eq!(queue.top(), model.entries().first().map(|entry| entry.1), "step {step}");
            let mask = model.entries().iter().fold(0, |mask, entry| mask | 1u32 << entry.1);
            assert_eq!(queue.occupied, mask, "step {step}");
            let accepts = |task: u8| wanted >> task & 1 != 0;
            let first = model.entries().iter().map(|entry| entry.0).find(|&task| accepts(task));
            assert_eq!(queue.find(&links, accepts), first, "find at step {step}");
            // The whole order.
            let mut at = 0;
            queue.find(&links, |task| {
                assert_eq!(Some(task), model.entries().get(at).map(|entry| entry.0), "step {step}");
                at += 1;
                false
            });
            assert_eq!(at, model.length, "step {step}");
        }
    }
    assert!(most > 16 && moved > 100, "most {most}, moved {moved}");
}

pub fn queues_agree_with_a_sorted_list() {
    compare(PRIORITIES);
}

pub fn queues_of_few_priorities_agree_with_a_sorted_list() {
    compare(3);
}

/// What a time slice does: the first goes to the end. Among equals each runs once in a round.
pub fn equal_tasks_take_turns() {
    let mut links = Links::new();
    let mut queue = ReadyQueue::new();
    for task in [4, 9, 2] {
        queue.push_back(&mut links, task, 7);
    }
    queue.push_back(&mut links, 1, 3);
    for turn in 0..30 {
        let task = queue.pop(&mut links).unwrap();
        assert_eq!(task, [4, 9, 2][turn % 3], "turn {turn}");
        queue.push_back(&mut links, task, 7);
    }
    // Interrupted by a higher priority: it goes on before the others.
    let task = queue.pop(&mut links).unwrap();
    queue.push_front(&mut links, task, 7);
    assert_eq!(queue.pop(&mut links), Some(task));
}
