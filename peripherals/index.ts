/**
 * The peripherals of the chip as rows, and the wires between them. Everything that one block tells
 * another goes through here; the blocks do not know each other.
 */
import type { DmaPort } from '../emulator/bus/dma-port.ts';
import type { Device, DeviceLog, ResetDomain } from '../emulator/bus/device.ts';
import type { RequestReset } from '../emulator/bus/reset.ts';
import { createPads } from '../emulator/bus/pad.ts';
import type { Pad } from '../emulator/bus/pad.ts';
import { Signal } from '../emulator/bus/signal.ts';
import type { Level } from '../emulator/bus/signal.ts';
import type { State, Stateful } from '../emulator/bus/state.ts';
import type { ExternalMemory } from '../emulator/memory/external.ts';
import type { Ticks } from '../emulator/scheduler/clock.ts';
import type { ClockTree } from '../emulator/scheduler/clock-tree.ts';
import type { Scheduler } from '../emulator/scheduler/scheduler.ts';
import { Aes } from './aes/aes.ts';
import { ClockControl } from './clock-control.ts';
import { flashChipOfSize } from './devices/nor-flash-chips.ts';
import { NorFlash } from './devices/nor-flash.ts';
import { Psram } from './devices/psram.ts';
import { Dport } from './dport/dport.ts';
import { MmuTable } from './dport/mmu-table.ts';
import type { PeripheralName } from './dport/peripheral-bits.ts';
import { Efuse } from './efuse/efuse.ts';
import { Frc } from './frc/frc.ts';
import { Gpio } from './gpio/gpio.ts';
import { I2cWires } from './i2c-wires.ts';
import { I2c } from './i2c/i2c.ts';
import { IntMatrix } from './intmatrix/intmatrix.ts';
import { IoMux } from './iomux/iomux.ts';
import { Regi2c } from './regi2c/regi2c.ts';
import { Rng } from './rng/rng.ts';
import { Rsa } from './rsa/rsa.ts';
import { RtcCntl } from './rtc_cntl/rtc_cntl.ts';
import { RtcIo } from './rtc_io/rtc_io.ts';
import { Sens } from './sens/sens.ts';
import { Sha } from './sha/sha.ts';
import { SpiWires } from './spi-wires.ts';
import { Spi } from './spi/spi.ts';
import { Syscon } from './syscon/syscon.ts';
import { Timg } from './timg/timg.ts';
import { UartWires } from './uart-wires.ts';
import { Uart } from './uart/uart.ts';
import { Uhci } from './uhci/uhci.ts';
import { unmodelledBlock } from './unmodelled-block.ts';
import { UNMODELLED_BLOCKS } from './unmodelled.regs.ts';

/** What the peripherals need of the rest of the chip. */
export interface PeripheralOptions {
  readonly scheduler: Scheduler;
  readonly clocks: ClockTree;
  readonly log: DeviceLog;
  readonly external: ExternalMemory;
  readonly dma: DmaPort;
  /** Cells of the flash chip and of the PSRAM; empty when there is none. */
  readonly flash: Uint8Array;
  readonly psram: Uint8Array;
  readonly fuses: Uint32Array;
  /** 0..3; SYSCON's date word tells revision 3 from 2. */
  readonly chipRevision: number;
  readonly onFlashChange: (from: number, to: number) => void;
  readonly onPsramChange: (from: number, to: number) => void;
  readonly onBurn: () => void;
  /** Levels of the strapping pins at reset, as GPIO_STRAP shows them. */
  readonly strapping: number;
  readonly rngSeed: number;
  readonly requestReset: RequestReset;
  readonly onInterruptLine: (core: number, cpuInterrupt: number, level: Level) => void;
  readonly onBootRemap: (core: number, on: boolean) => void;
  readonly onClocks: (cpuHz: number, apbHz: number) => void;
  readonly readFastMemory: (index: number) => number;
}

interface DeviceRow {
  readonly device: Device;
  readonly base: number;
  readonly size: number;
  /** Added to the offset in the window. */
  readonly offset?: number;
  /** DPORT's clock and reset bits that hold the block. */
  readonly reset?: PeripheralName;
}

/** Offsets in DPORT of the interrupt status and map registers, which are the matrix's. */
const INTMATRIX_BEGIN = 0x0ec;
const INTMATRIX_END = 0x32c;

const U0RXD_PAD = 3;

/** GPIO_STRAP bit of GPIO0: high selects boot from flash. */
const STRAP_GPIO0 = 1 << 4;

export class Peripherals implements Stateful {
  readonly rows: readonly DeviceRow[];
  readonly dport: Dport;
  readonly matrix: IntMatrix;
  readonly rtc: RtcCntl;
  readonly uarts: readonly Uart[];
  readonly uartWires = new UartWires();
  readonly i2cWires = new I2cWires();
  readonly spiWires = new SpiWires();
  /** SPI0 (cache), SPI1 (flash commands), SPI2, SPI3. */
  readonly spi: readonly Spi[];
  readonly efuse: Efuse;
  readonly flash: NorFlash | undefined;
  readonly psram: Psram | undefined;
  readonly clockControl: ClockControl;
  private readonly gpio: Gpio;
  private readonly timg: readonly Timg[];
  /** The chip's pins by GPIO number. */
  readonly pads: readonly (Pad | undefined)[];
  /** 1: the RTC domain holds the core's clock (stall). */
  readonly rtcStall = [
    new Signal('RTC_CNTL.STALL_PROCPU'),
    new Signal('RTC_CNTL.STALL_APPCPU'),
  ] as const;

  constructor(options: PeripheralOptions) {
    const { scheduler, clocks, log, external, requestReset } = options;
    const { apb, xtal, refTick, rtcSlow, rcFast, rcFastDiv256 } = clocks;
    let strapping = (): number => options.strapping;
    const flashBoot = (): boolean => (strapping() & STRAP_GPIO0) !== 0;
    this.matrix = new IntMatrix({ log, onLine: options.onInterruptLine });
    const source = this.matrix.source.bind(this.matrix);
    this.clockControl = new ClockControl(clocks, scheduler, options.onClocks);
    const { clockControl } = this;

    this.dport = new Dport({
      log,
      scheduler,
      apbClock: apb,
      cache: external,
      fromCpu: ([0, 1, 2, 3] as const).map((n) => source(`FROM_CPU_INTR${n}`)),
      cacheIa: source('CACHE_IA_INTR'),
      onCpuPeriod: (select) => clockControl.selectPeriod(select),
      onBootRemap: options.onBootRemap,
    });
    external.onIllegal = (core, window, why) => this.dport.illegalAccess(core, window, why);
    this.rtc = new RtcCntl({
      slowClock: rtcSlow,
      scheduler,
      irq: source('RTC_CORE_INTR'),
      stall: this.rtcStall,
      requestReset,
      flashBoot,
      selectCpuClock: (name) => clockControl.selectSource(name),
      readFastMemory: options.readFastMemory,
      log,
    });
    const syscon = new Syscon({
      log,
      chipRevision: options.chipRevision,
      onClocks: (divisors) => clockControl.setDivisors(divisors),
    });
    const fifoResets = { tx: new Signal('UART1.TXFIFO_RST'), rx: new Signal('UART1.RXFIFO_RST') };
    this.uarts = ([0, 1, 2] as const).map(
      (index) =>
        new Uart({
          index,
          clocks: { apb, refTick },
          scheduler,
          irq: source(`UART${index}_INTR`),
          log,
          pins: this.uartWires.pins[index]!,
          ...(index === 0 ? {} : { fifoResets }),
        }),
    );
    const [uhci0, uhci1] = ([0, 1] as const).map(
      (index) =>
        new Uhci({
          index,
          uarts: this.uarts,
          memory: options.dma,
          irq: source(`UHCI${index}_INTR`),
          log,
        }),
    ) as [Uhci, Uhci];
    this.efuse = new Efuse({
      fuses: options.fuses,
      apbClock: apb,
      scheduler,
      irq: source('EFUSE_INTR'),
      onBurn: options.onBurn,
      log,
    });
    const timg = (this.timg = ([0, 1] as const).map(
      (index) =>
        new Timg({
          index,
          apbClock: apb,
          xtalClock: xtal,
          calibrationClocks: [rtcSlow, rcFastDiv256, undefined],
          scheduler,
          level: {
            T0: source(`TG${index}_T0_LEVEL_INTR`),
            T1: source(`TG${index}_T1_LEVEL_INTR`),
            WDT: source(`TG${index}_WDT_LEVEL_INTR`),
            LACT: source(`TG${index}_LACT_LEVEL_INTR`),
          },
          edge: {
            T0: source(`TG${index}_T0_EDGE_INTR`),
            T1: source(`TG${index}_T1_EDGE_INTR`),
            WDT: source(`TG${index}_WDT_EDGE_INTR`),
            LACT: source(`TG${index}_LACT_EDGE_INTR`),
          },
          requestReset,
          flashBoot,
          log,
        }),
    ));
    const chip = options.flash.length === 0 ? undefined : flashChipOfSize(options.flash.length);
    this.flash =
      chip === undefined
        ? undefined
        : new NorFlash({ chip, content: options.flash, onChange: options.onFlashChange });
    this.psram =
      options.psram.length === 0
        ? undefined
        : new Psram({ content: options.psram, onChange: options.onPsramChange });
    this.spi = ([0, 1, 2, 3] as const).map(
      (index) =>
        new Spi({
          index,
          apbClock: apb,
          scheduler,
          irq: source(`SPI${index}_INTR`),
          log,
          chips: index < 2 ? [this.flash, this.psram] : [],
          ...(index === 1 ? { busFree: () => external.busFree } : {}),
          ...(index < 2 ? {} : { pins: this.spiWires.pins[index - 2]! }),
          ...(index === 0 ? {} : { dma: options.dma, dmaIrq: source(`SPI${index}_DMA_INTR`) }),
        }),
    );
    const [spi0, spi1, spi2, spi3] = this.spi as [Spi, Spi, Spi, Spi];
    external.busTakenUntil = () => spi1.busyUntil;
    external.lineTicks = (transfer) =>
      transfer === 'flash'
        ? spi0.lineFillTicks()
        : spi0.sramLineTicks(transfer === 'psramWriteBack');

    this.pads = createPads(log);
    const { pads } = this;
    // A board's USB bridge keeps U0RXD high while the host is silent; it yields to a driven wire.
    pads[U0RXD_PAD]!.attach('USB bridge').setPull(1);
    const i2c = ([0, 1] as const).map(
      (index) =>
        new I2c({
          index,
          apbClock: apb,
          scheduler,
          irq: source(`I2C_EXT${index}_INTR`),
          log,
          ...this.i2cWires.pins[index]!,
        }),
    );
    const matrixWires = [this.uartWires, this.i2cWires, this.spiWires];
    const outputs = bySignal(matrixWires.map((wires) => wires.outputs));
    const onAccess = (): void => {
      spi2.settle();
      spi3.settle();
    };
    const onRouting = (): void => {
      this.spiWires.routingChanged();
      spi2.rerouted();
      spi3.rerouted();
    };
    const gpio = (this.gpio = new Gpio({
      pads,
      outputs,
      inputs: bySignal(matrixWires.map((wires) => wires.inputs)),
      onAccess,
      onRouting,
      irqs: {
        pro: source('GPIO_INTR'),
        proNmi: source('GPIO_NMI'),
        app: source('GPIO_INTR_APP'),
        appNmi: source('GPIO_NMI_APP'),
      },
      log,
      strapping: options.strapping,
    }));
    strapping = () => gpio.latchedStrapping;
    const iomux = new IoMux({
      pads,
      outputs,
      onAccess,
      onRouting,
      directInput: (signal, level) => gpio.setDirectInput(signal, level),
      log,
    });
    this.spiWires.connect({
      pads,
      outputPads: (signal) => {
        const matrix = gpio.outputPads(signal);
        return pads.flatMap((pad, number) => {
          if (pad === undefined) return [];
          if (iomux.directFunctionOf(pad)?.output === signal) return [number];
          return pad.selected === 'matrix' && matrix.includes(number) ? [number] : [];
        });
      },
      listenersOf: (number) => {
        const { inputs, interrupt } = gpio.listenersOf(number);
        const direct = iomux.directFunctionOf(pads[number]!)?.input;
        return { inputs: direct === undefined ? inputs : [...inputs, direct], interrupt };
      },
    });
    const rtcIo = new RtcIo({ pads, digitalSource: (pad) => iomux.digitalSource(pad), log });

    // prettier-ignore
    this.rows = [
      { device: this.dport,      base: 0x3ff00000, size: INTMATRIX_BEGIN },
      { device: this.matrix,     base: 0x3ff00000 + INTMATRIX_BEGIN, size: INTMATRIX_END - INTMATRIX_BEGIN, offset: INTMATRIX_BEGIN },
      { device: this.dport,      base: 0x3ff00000 + INTMATRIX_END, size: 0x1000 - INTMATRIX_END, offset: INTMATRIX_END },
      { device: new MmuTable(0, external), base: 0x3ff10000, size: 0x2000 },
      { device: new MmuTable(1, external), base: 0x3ff12000, size: 0x2000 },
      { device: new Aes({ clocks: { apb }, scheduler, log }), base: 0x3ff01000, size: 0x1000, reset: 'AES' },
      { device: new Rsa({ clocks: { apb }, scheduler, log, irq: source('RSA_INTR') }), base: 0x3ff02000, size: 0x1000, reset: 'RSA' },
      { device: new Sha({ clocks: { apb }, scheduler, log }), base: 0x3ff03000, size: 0x1000, reset: 'SHA' },
      { device: this.uarts[0]!,  base: 0x3ff40000, size: 0x1000, reset: 'UART' },
      { device: spi1,            base: 0x3ff42000, size: 0x1000, reset: 'SPI01' },
      { device: spi0,            base: 0x3ff43000, size: 0x1000, reset: 'SPI01' },
      { device: gpio,            base: 0x3ff44000, size: 0xf00 },
      { device: new Frc({ apbClock: apb, scheduler, log, irq: [source('TIMER1_INTR'), source('TIMER2_INTR')] }), base: 0x3ff47000, size: 0x1000, reset: 'TIMERS' },
      { device: this.rtc,        base: 0x3ff48000, size: 0x400 },
      { device: rtcIo,           base: 0x3ff48400, size: 0x400 },
      { device: new Sens({ clocks: { rtcFast: rcFast }, scheduler, log }), base: 0x3ff48800, size: 0x400 },
      { device: iomux,           base: 0x3ff49000, size: 0x1000 },
      { device: new Regi2c({ clocks: { apb }, scheduler, log }), base: 0x3ff4e000, size: 0x1000 },
      { device: uhci1,           base: 0x3ff4c000, size: 0x1000, reset: 'UHCI1' },
      { device: this.uarts[1]!,  base: 0x3ff50000, size: 0x1000, reset: 'UART1' },
      { device: i2c[0]!,         base: 0x3ff53000, size: 0x1000, reset: 'I2C_EXT0' },
      { device: uhci0,           base: 0x3ff54000, size: 0x1000, reset: 'UHCI0' },
      { device: this.efuse,      base: 0x3ff5a000, size: 0x1000, reset: 'EFUSE' },
      { device: timg[0]!,        base: 0x3ff5f000, size: 0x1000, reset: 'TIMERGROUP' },
      { device: timg[1]!,        base: 0x3ff60000, size: 0x1000, reset: 'TIMERGROUP1' },
      { device: spi2,            base: 0x3ff64000, size: 0x1000, reset: 'SPI2' },
      { device: spi3,            base: 0x3ff65000, size: 0x1000, reset: 'SPI3' },
      { device: syscon,          base: 0x3ff66000, size: 0x1000 },
      { device: i2c[1]!,         base: 0x3ff67000, size: 0x1000, reset: 'I2C_EXT1' },
      { device: this.uarts[2]!,  base: 0x3ff6e000, size: 0x1000, reset: 'UART2' },
      { device: new Rng({ clocks: { apb }, scheduler, log, seed: options.rngSeed }), base: 0x3ff75000, size: 0x1000 },
      ...UNMODELLED_BLOCKS.map((row) => ({ device: unmodelledBlock(row, log), base: row.base, size: row.sizeBytes })),
    ];
    for (const row of this.rows) {
      if (row.reset === undefined) continue;
      this.dport.resetOf(row.reset).connect((level) => {
        if (level === 1) row.device.reset('peripheral');
      });
    }
  }

  /** Strapping pins as the next reset finds them where nobody outside drives or pulls them. */
  setStrapping(strapping: number): void {
    this.gpio.setStrapping(strapping);
  }

  /** The supply of the module's chips fails and comes back. */
  powerFails(now: Ticks): void {
    this.flash?.powerFails(now);
    this.psram?.powerOn();
  }

  /** The running stage of a watchdog ends now; one that is off stays off. */
  expireWatchdog(name: 'RWDT' | 'MWDT0' | 'MWDT1'): void {
    if (name === 'RWDT') this.rtc.expireWatchdog();
    else this.timg[name === 'MWDT0' ? 0 : 1]!.expireWatchdog();
  }

  /** Resets every block as far as `domain` says. The chips on the module keep their state. */
  reset(domain: ResetDomain): void {
    for (const device of this.devices) device.reset(domain);
  }

  /** The wires between the blocks, by name: interrupt sources and the blocks' own wires. */
  get wires(): { readonly sources: readonly Signal[]; readonly blocks: readonly Signal[] } {
    return {
      sources: this.matrix.sources,
      blocks: [
        ...this.uartWires.signals(),
        ...this.i2cWires.signals(),
        ...this.spiWires.signals(),
        ...this.rtcStall,
      ],
    };
  }

  save(): State {
    const state: State = { clockControl: this.clockControl.save() };
    for (const device of this.devices) state[device.name] = device.save();
    for (const chip of [this.flash, this.psram])
      if (chip !== undefined) state[chip.name] = chip.save();
    state['uartWires'] = this.uartWires.save();
    state['i2cWires'] = this.i2cWires.save();
    state['spiWires'] = this.spiWires.save();
    state['pads'] = this.pads.map((pad) => pad?.save() ?? null);
    state['stall'] = this.rtcStall.map((signal) => signal.save());
    return state;
  }

  restore(state: State): void {
    this.clockControl.restore(state['clockControl'] as State);
    for (const device of this.devices) device.restore(state[device.name] as State);
    for (const chip of [this.flash, this.psram])
      if (chip !== undefined) chip.restore(state[chip.name] as State);
    this.uartWires.restore(state['uartWires'] as State);
    this.i2cWires.restore(state['i2cWires'] as State);
    this.spiWires.restore(state['spiWires'] as State);
    (state['pads'] as (State | null)[]).forEach(
      (saved, n) => saved !== null && this.pads[n]?.restore(saved),
    );
    (state['stall'] as State[]).forEach((saved, core) => this.rtcStall[core]!.restore(saved));
  }

  /** Each device once, in the order of the rows. */
  private get devices(): Set<Device> {
    return new Set(this.rows.map((row) => row.device));
  }
}

/** The wires of several blocks in one list by signal number; their numbers do not meet. */
function bySignal<T>(lists: readonly (readonly (T | undefined)[])[]): (T | undefined)[] {
  const all: (T | undefined)[] = [];
  for (const list of lists)
    list.forEach((wire, signal) => {
      if (wire !== undefined) all[signal] = wire;
    });
  return all;
}
