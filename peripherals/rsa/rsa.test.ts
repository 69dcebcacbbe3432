import { constants, createHash, createPublicKey, publicEncrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Signal } from '../../emulator/bus/signal.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { RSA_REGISTERS } from './rsa.regs.ts';
import { Rsa } from './rsa.ts';

const M = 0x000;
const Z = 0x200;
const Y = 0x400;
const X = 0x600;
const M_PRIME = 0x800;
const MODEXP_MODE = 0x804;
const MODEXP_START = 0x808;
const MULT_MODE = 0x80c;
const MULT_START = 0x810;
const INTERRUPT = 0x814;
const CLEAN = 0x818;

function bench() {
  const scheduler = new Scheduler();
  const clocks = { apb: new Clock('APB_CLK', 80_000_000) };
  const irq = new Signal('RSA_INTR');
  const rsa = new Rsa({ clocks, scheduler, irq, log: new RecordingLog() });
  const load = (offset: number, value: bigint, words: number): void => {
    for (let i = 0; i < words; i++)
      rsa.write(offset + 4 * i, Number((value >> BigInt(32 * i)) & 0xffffffffn) | 0, 4);
  };
  const result = (words: number): bigint => {
    let value = 0n;
    for (let i = words - 1; i >= 0; i--)
      value = (value << 32n) | BigInt(rsa.read(Z + 4 * i, 4) >>> 0);
    return value;
  };
  const run = (start: number): void => {
    rsa.write(start, 1, 4);
    for (let guard = 0; irq.level === 0; guard++) {
      if (guard > 10_000) throw new Error('no interrupt');
      scheduler.runUntil(scheduler.now + 480_000);
    }
    expect(rsa.read(INTERRUPT, 4)).toBe(1);
    rsa.write(INTERRUPT, 1, 4);
    expect(irq.level).toBe(0);
  };
  return { scheduler, irq, rsa, load, result, run };
}

testRegisters('RSA', () => bench().rsa, RSA_REGISTERS);

/** `bits` bits from hashes of a fixed seed. */
function number(seed: string, bits: number): bigint {
  let hex = '';
  for (let i = 0; hex.length < bits / 4; i++)
    hex += createHash('sha512').update(`${seed}${i}`).digest('hex');
  return BigInt(`0x${hex.slice(0, bits / 4)}`);
}

function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

describe('RSA', () => {
  it.each([512, 1024, 2048, 4096])('exponentiates %i-bit numbers', (bits) => {
    const words = bits / 32;
    const modulus = number('m', bits) | 1n;
    const base = number('x', bits) % modulus;
    const exponent = number('y', 256);
    const { rsa, load, result, run } = bench();
    load(M, modulus, words);
    load(X, base, words);
    load(Y, exponent, words);
    load(Z, (1n << BigInt(2 * bits)) % modulus, words);
    rsa.write(MODEXP_MODE, bits / 512 - 1, 4);
    run(MODEXP_START);
    expect(result(words)).toBe(modPow(base, exponent, modulus));
  });

  it('agrees with an RSA public-key operation of node:crypto', () => {
    const modulus = number('n', 1024) | 1n | (1n << 1023n);
    const exponent = 65537n;
    const n = Buffer.from(modulus.toString(16), 'hex').toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
    const message = Buffer.from(number('text', 1024).toString(16).padStart(256, '0'), 'hex');
    message[0] = 0;
    const padding = constants.RSA_NO_PADDING;
    const expected = publicEncrypt({ key: publicKey, padding }, message).toString('hex');
    const { rsa, load, result, run } = bench();
    load(M, modulus, 32);
    load(X, BigInt(`0x${message.toString('hex')}`), 32);
    load(Y, exponent, 32);
    load(Z, (1n << 2048n) % modulus, 32);
    rsa.write(MODEXP_MODE, 1, 4);
    run(MODEXP_START);
    expect(result(32).toString(16).padStart(256, '0')).toBe(expected);
  });

  it('multiplies modulo M in the two passes of the TRM', () => {
    const modulus = number('m2', 1536) | 1n;
    const x = number('x2', 1536) % modulus;
    const y = number('y2', 1536) % modulus;
    const { rsa, load, result, run } = bench();
    load(M, modulus, 48);
    load(X, x, 48);
    load(Z, (1n << 3072n) % modulus, 48);
    rsa.write(M_PRIME, 1, 4);
    rsa.write(MULT_MODE, 2, 4);
    run(MULT_START);
    load(X, y, 48);
    run(MULT_START);
    expect(result(48)).toBe((x * y) % modulus);
  });

  it('multiplies two 1024-bit numbers, the second in the upper half of Z', () => {
    const x = number('x3', 1024);
    const y = number('y3', 1024);
    const { rsa, load, result, run } = bench();
    load(X, x, 32);
    load(Z + 4 * 32, y, 32);
    rsa.write(MULT_MODE, 2048 / 512 + 7, 4);
    run(MULT_START);
    expect(result(64)).toBe(x * y);
  });

  it('ends after its cycles and not before, and survives an even modulus', () => {
    const { scheduler, irq, rsa, result } = bench();
    rsa.write(MULT_MODE, 0, 4);
    rsa.write(MULT_START, 1, 4);
    scheduler.runUntil(128 * 6 - 1);
    expect(irq.level).toBe(0);
    scheduler.runUntil(128 * 6);
    expect(irq.level).toBe(1);
    expect(result(16)).toBe(0n);
  });

  it('clears its memory for 100 cycles after a reset', () => {
    const { scheduler, rsa, load, result } = bench();
    load(Z, 5n, 4);
    rsa.reset('peripheral');
    expect(result(4)).toBe(0n);
    scheduler.runUntil(599);
    expect(rsa.read(CLEAN, 4)).toBe(0);
    scheduler.runUntil(600);
    expect(rsa.read(CLEAN, 4)).toBe(1);
  });
});
