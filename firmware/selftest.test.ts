/**
 * The self-test images: what the demos meet by chance or not at all. The expected names are the checks that each
 * program of firmware/apps makes; a program that ends early or leaves one out fails.
 */
import { describe, expect, it } from 'vitest';
import { seconds } from '../emulator/index.ts';
import { ROMS, bootImage, passed, verdict } from './board.fixtures.ts';

const SOURCES = [
  'callbacks of two sources',
  'a detached source is silent, the other is not',
  'CPU interrupts are given out until none is left',
  'then attach says so',
  'a detached interrupt is given out again',
];
const ROUNDS = ['deletion in every state', 'a mutex never has two owners'];
const DELETE = [
  ...ROUNDS,
  ...ROUNDS,
  'an owner has stopped when its mutex is free',
  'the unit of a deleted task goes on',
  'the item of a deleted task goes on',
  'the room of a deleted task goes on',
  'a unit that nobody waits for is kept',
  'a deleted task lends nothing',
  'the exit code waits for who joined',
  'deletion of an ended task changes nothing',
  'FPU registers of a new task are clear',
  'stacks come back',
  'places come back',
];

const CHECKS: Readonly<Record<string, readonly string[]>> = {
  selftest: [
    "MOVSP with the caller's window in memory",
    'f0..f15, FCR and FSR of three tasks',
    'f0..f15, FCR and FSR of three tasks',
    'level-2 interrupt by its callback',
    'level-3 interrupt by its callback',
    'level-4 interrupt by its assembly routine',
  ],
  isr: [
    ...SOURCES,
    ...SOURCES,
    'a spinlock between callback and other core',
    'nobody saw a change half done',
    'semaphore, queue and mailbox from a callback',
    'FPU registers across interrupts',
    'waits in vain end at the tick behind their time',
    'what a full queue refused is not in it',
    'no time-out comes late',
  ],
  balance: [
    'no task is lost',
    'no step is lost',
    'no task runs on two cores at once',
    'each core does a third of the work or more',
    'tasks move',
    'the idle core takes over',
    'FPU registers of tasks that moved',
    'FPU users on both cores',
  ],
  delete: DELETE,
  'delete-cooperative': DELETE,
};

describe.each(ROMS)('self-tests on the %s', { timeout: 240_000 }, (_, rom) => {
  it.each(Object.keys(CHECKS))('%s', (image) => {
    expect(passed(verdict(bootImage(image, rom), seconds(3)))).toEqual(CHECKS[image]);
  });
});
