/**
 * Which device answers at a peripheral address. Windows are byte-granular: several blocks may
 * share a 4 KiB page (TRM, "Peripheral Address Mapping").
 */
import { AHB_BASE, APB_BASE } from '../memory/map.ts';
import type { Device } from './device.ts';

export interface DeviceWindow {
  readonly device: Device;
  /** First address of the window as accessed (DPORT side or AHB side). */
  readonly base: number;
  readonly size: number;
  /** Added to the offset in the window: a device may show parts of itself at several addresses. */
  readonly offset: number;
}

export class DeviceMap {
  private readonly pages = new Map<number, DeviceWindow[]>();

  /**
   * Lets `device` answer for `size` bytes at `base` (a DPORT-side address); an APB block answers
   * at its 0x6000_0000 address as well.
   */
  attach(device: Device, base: number, size: number, offset = 0): void {
    this.add({ device, base, size, offset });
    if (base >= APB_BASE && base < APB_BASE + 0x40000)
      this.add({ device, base: base - APB_BASE + AHB_BASE, size, offset });
  }

  find(addr: number): DeviceWindow | undefined {
    const windows = this.pages.get(addr >>> 12);
    if (windows === undefined) return undefined;
    for (const window of windows)
      if (addr - window.base < window.size && addr >= window.base) return window;
    return undefined;
  }

  private add(window: DeviceWindow): void {
    const last = (window.base + window.size - 1) >>> 12;
    for (let page = window.base >>> 12; page <= last; page++) {
      const windows = this.pages.get(page) ?? [];
      for (const other of windows) {
        if (window.base < other.base + other.size && other.base < window.base + window.size)
          throw new Error(
            `${window.device.name} at 0x${window.base.toString(16)} overlaps ${other.device.name}`,
          );
      }
      windows.push(window);
      this.pages.set(page, windows);
    }
  }
}
