import { expect, it } from 'vitest';
import { AutoReset } from './auto-reset.ts';

function circuit() {
  const seen: string[] = [];
  let due: (() => void) | undefined;
  const circuit = new AutoReset({
    onGpio0: (low) => seen.push(low ? 'GPIO0 low' : 'GPIO0 up'),
    onBoot: () => seen.push('boot'),
    later: (ms, act) => {
      expect(ms).toBe(15);
      due = act;
      return () => (due = undefined);
    },
  });
  const charge = (): void => {
    const act = due;
    due = undefined;
    act?.();
  };
  return { circuit, seen, charge };
}

it('equal lines do nothing, RTS alone holds EN low, DTR alone GPIO0', () => {
  const { circuit: board, seen, charge } = circuit();
  board.set(true, true);
  board.set(false, false);
  expect([seen, board.held]).toEqual([[], false]);
  board.set(false, true);
  expect([seen, board.held]).toEqual([[], true]);
  board.set(false, false);
  expect(board.held).toBe(true);
  charge();
  expect([seen, board.held]).toEqual([['boot'], false]);
  board.set(true, false);
  board.set(true, true);
  expect(seen).toEqual(['boot', 'GPIO0 low', 'GPIO0 up']);
});

it('boots for downloads when lines change one after the other, as esptool sets them', () => {
  const { circuit: board, seen } = circuit();
  board.set(false, true);
  board.set(true, true);
  board.set(true, false);
  expect([seen, board.held]).toEqual([['GPIO0 low', 'boot'], false]);
  board.set(false, false);
  expect(seen).toEqual(['GPIO0 low', 'boot', 'GPIO0 up']);
});

it('EN that is pulled low again before it has risen stays low', () => {
  const { circuit: board, seen, charge } = circuit();
  board.set(false, true);
  board.set(false, false);
  board.set(false, true);
  charge();
  expect([seen, board.held]).toEqual([[], true]);
});
