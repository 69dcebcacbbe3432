/** A board without a chip for the tests of devices: real pads, scheduler and devices. */
import { AttachedDevices } from '../../emulator/board.ts';
import type { BoardDevice } from '../../emulator/bus/board-device.ts';
import { createPads } from '../../emulator/bus/pad.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog } from '../register-test.ts';

export function testBoard(...devices: BoardDevice[]) {
  const scheduler = new Scheduler();
  const log = new RecordingLog();
  const pads = createPads(log);
  const attached = new AttachedDevices({ pads, scheduler, log });
  for (const device of devices) attached.attach(device);
  const pad = (gpio: number) => pads[gpio]!;
  const save = () => ({
    scheduler: scheduler.save(),
    devices: attached.save(),
    pads: pads.map((one) => one?.save()),
  });
  const restore = (state: ReturnType<typeof save>): void => {
    scheduler.restore(state.scheduler);
    attached.restore(state.devices);
    pads.forEach((one, gpio) => one?.restore(state.pads[gpio]!));
  };
  return { scheduler, log, pad, save, restore };
}
