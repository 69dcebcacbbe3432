/** A core with one page of RAM at `RAM`; every other access is a LoadProhibited fault. */
import { Port } from '../../bus/port.ts';
import { Cpu } from '../state.ts';

export const RAM = 0x3ffb0000;

export function testCpu(): Cpu {
  const fail = (port: Port, address: number): number => {
    port.fault = 28;
    port.faultAddr = address;
    return 0;
  };
  const port = new Port(0, new ArrayBuffer(0x1000), {
    read: fail,
    write: fail,
    fetch: fail,
    fetchLine: fail,
  });
  port.readPage[RAM >>> 12] = ~0;
  port.writePage[RAM >>> 12] = ~0;
  return new Cpu('PRO_CPU', 0xcdcd, port);
}
